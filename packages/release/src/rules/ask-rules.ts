import type { ClusterClient } from '@slipway/cluster';
import { type Finding, type Problem, SlipwayError } from '@slipway/core';
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

/** What rules have to say of objects, decided with what the cluster knows: there, undecided is an error. */
export async function askRules(request: RulesRequest): Promise<readonly Finding[]> {
  const { client, identity, objects, rules, now, signal } = request;
  const { formation, destination, namespace } = identity;
  // Loaded here, since whoever only looks at releases asks no rule.
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
    ...(destination === undefined ? {} : { destination }),
    signal,
    now,
  });
}

/** The definitions of the custom resources among the objects, as the cluster has them: policies match them by what they say. */
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
 * What speaks against restoring a release by the rules of today. Nobody is asked to sign it off: what was right once may come back
 * while something is broken.
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
    ...(fix === undefined ? {} : { remedy: fix }),
    ...(place === undefined ? {} : { at: place }),
  };
}

/** Without the right to look at it, policies that ask for the namespace are undecided. */
async function liveNamespace(client: ClusterClient, name: string): Promise<KubernetesObject | undefined> {
  try {
    return await client.get({ apiVersion: 'v1', kind: 'Namespace', name });
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'cluster-forbidden') return undefined;
    throw error;
  }
}
