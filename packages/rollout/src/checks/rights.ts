import { type Check, type Problem, quote } from '@slipway/core';
import { accessReview } from '@slipway/kubernetes';
import type { RolloutErrorCode } from '../error-codes.ts';
import type { CheckCluster } from '../rollout.ts';

interface Right {
  readonly group: string;
  /** The resource, with its subresource after a slash. */
  readonly resource: string;
  readonly verbs: readonly string[];
}

const FOR_HTTP: readonly Right[] = [{ group: '', resource: 'services/proxy', verbs: ['get'] }];
const FOR_JOBS: readonly Right[] = [
  { group: 'batch', resource: 'jobs', verbs: ['create', 'delete', 'get', 'list', 'watch'] },
];

/** The rights that the checks need and the credentials lack, as rules that can be pasted into a Role. */
export async function missingRights(
  checks: readonly Check[],
  { client, namespace }: { readonly client: Pick<CheckCluster, 'review'>; readonly namespace: string },
): Promise<readonly Problem<RolloutErrorCode>[]> {
  const needed = [
    ...(checks.some(({ http }) => http !== undefined) ? FOR_HTTP : []),
    ...(checks.some(({ job }) => job !== undefined) ? FOR_JOBS : []),
  ];
  const lacking = await Promise.all(
    needed.map(async right => {
      const granted = await Promise.all(right.verbs.map(verb => isGranted(client, right, verb, namespace)));
      return { ...right, verbs: right.verbs.filter((_verb, index) => !granted[index]) };
    }),
  );
  return lacking.filter(({ verbs }) => verbs.length > 0).map(right => problemOf(right, namespace));
}

async function isGranted(
  client: Pick<CheckCluster, 'review'>,
  { group, resource: path }: Right,
  verb: string,
  namespace: string,
): Promise<boolean> {
  const [resource = '', subresource] = path.split('/');
  const question = accessReview({ group, resource, subresource, verb, namespace });
  return (await client.review(question))['allowed'] === true;
}

function problemOf({ group, resource, verbs }: Right, namespace: string): Problem<RolloutErrorCode> {
  const rule = `{apiGroups: [${JSON.stringify(group)}], resources: [${JSON.stringify(resource)}], verbs: ${JSON.stringify(verbs)}}`;
  return {
    code: 'check-forbidden',
    message: `the credentials lack the right to ${verbs.join(', ')} ${resource} in namespace ${quote(namespace)}, which the checks need`,
    remedy: `add this rule to their Role: ${rule}`,
  };
}
