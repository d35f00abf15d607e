import type { ClusterClient } from '@slipway/cluster';
import { defined, type Finding, type Problem, SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { CheckedObject } from '@slipway/policy';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { PreparedRelease } from '../plan/prepare.ts';
import type { ReleaseIdentity } from '../request.ts';
import { statesOf } from './checked-objects.ts';
import type { Rules } from './rules.ts';

export interface RulesRequest {
  readonly client: ClusterClient;
  readonly identity: Omit<ReleaseIdentity, 'repository'>;
  readonly objects: readonly CheckedObject[];
  readonly rules: Rules;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** The findings of rules about objects, with everything that the cluster knows: a rule that stays undecided is an error. */
export async function askRules(request: RulesRequest): Promise<readonly Finding[]> {
  const { client, identity, objects, rules, now, signal } = request;
  const { formation, destination, namespace } = identity;
  // Loaded here, since runs that only read releases need no rules.
  const { check } = await import('@slipway/policy');
  const namespaceObject = await liveNamespace(client, namespace);
  return await check({
    objects,
    policies: rules.documents,
    packs: rules.packs,
    kubernetesVersion: client.kubernetesVersion,
    customResources: await clusterDefinitions(objects, client),
    namespace,
    namespaces: namespaceObject === undefined ? [] : [namespaceObject],
    undecided: 'error',
    formation,
    ...defined({ destination }),
    signal,
    now,
  });
}

/** The cluster's definitions of the custom resources among the objects, which policies need to match them. */
async function clusterDefinitions(
  objects: readonly { readonly object: KubernetesObject }[],
  client: ClusterClient,
): Promise<KubernetesObject[]> {
  const { definitionsOfOpenApi, isBuiltInKind } = await import('@slipway/policy');
  const custom = objects.filter(
    ({ object }) => !isBuiltInKind(client.kubernetesVersion, object.apiVersion, object.kind),
  );
  const versions = [...new Set(custom.map(({ object }) => object.apiVersion))];
  const documents = await Promise.all(
    versions.map(async apiVersion => [apiVersion, await client.openApi(apiVersion)] as const),
  );
  return documents.flatMap(([apiVersion, document]) =>
    document === undefined ? [] : definitionsOfOpenApi(document, apiVersion),
  );
}

/**
 * The refusals of today's rules for a release that is to be restored. No sign-off is required: what was accepted once may be
 * restored while something is broken.
 */
export async function restorationProblems(
  prepared: PreparedRelease,
  options: Omit<RulesRequest, 'identity' | 'objects'>,
): Promise<Problem[]> {
  if (options.rules.documents.length === 0 && options.rules.packs.length === 0) return [];
  const objects = [...statesOf(prepared).values()];
  const findings = await askRules({ ...options, identity: prepared.request.identity, objects });
  return findings.filter(({ severity }) => severity === 'error').map(findingProblem);
}

/** A finding as a refusal. */
export function findingProblem({ rule, message, fix, place }: Finding): Problem<ReleaseErrorCode> {
  return {
    code: 'policy-refused',
    message: `${rule}: ${message}`,
    ...defined({ remedy: fix, at: place }),
  };
}

/** The live Namespace; without the right to read it, policies that need it are undecided. */
async function liveNamespace(client: ClusterClient, name: string): Promise<KubernetesObject | undefined> {
  try {
    return await client.get({ apiVersion: 'v1', kind: 'Namespace', name });
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'cluster-forbidden') return undefined;
    throw error;
  }
}
