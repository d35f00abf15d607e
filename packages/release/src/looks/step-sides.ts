import type { ClusterClient } from '@slipway/cluster';
import type { Release } from '@slipway/core';
import { type KubernetesObject, numberAt, objectAt, objectsAt } from '@slipway/kubernetes';
import type { PodsOfSide, StepSides } from '@slipway/rollout';
import { copyName } from '@slipway/steps';

/** The most characters of a name that is to get an end of five: https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/storage/names/generate.go */
const MOST_BEFORE_END = 58;
const REVISION = 'deployment.kubernetes.io/revision';

/** The pods of both versions of an open release in steps, those that have ended with them: they are known by their ReplicaSets. */
export async function stepSides(
  client: Pick<ClusterClient, 'get' | 'list'>,
  { namespace, steps }: Pick<Release, 'namespace' | 'steps'>,
): Promise<StepSides> {
  const { items: sets } = await client.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace });
  const workloads = (steps?.stable.workloads ?? []).map(({ name }) => name);
  const sideOf = async (nameOf: (name: string) => string): Promise<PodsOfSide> =>
    Object.fromEntries(
      await Promise.all(
        workloads.map(async name => {
          const reference = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: nameOf(name) };
          return [name, podNames(await client.get(reference), sets)] as const;
        }),
      ),
    );
  return { stable: await sideOf(name => name), next: await sideOf(copyName) };
}

/** An older ReplicaSet without pods had none in a step either, as no step writes stable. */
function podNames(
  deployment: KubernetesObject | undefined,
  sets: readonly KubernetesObject[],
): readonly string[] {
  if (deployment === undefined) return [];
  return sets
    .filter(set => isOwned(set, deployment) && (isCurrent(set, deployment) || hasPods(set)))
    .map(({ metadata }) => `${`${metadata.name}-`.slice(0, MOST_BEFORE_END)}*`);
}

function isOwned(set: KubernetesObject, { metadata }: KubernetesObject): boolean {
  return objectsAt(set, 'metadata', 'ownerReferences').some(owner => owner['uid'] === metadata['uid']);
}

function isCurrent(set: KubernetesObject, deployment: KubernetesObject): boolean {
  return revisionOf(set) === revisionOf(deployment);
}

function revisionOf(object: KubernetesObject): unknown {
  return objectAt(object, 'metadata', 'annotations')?.[REVISION];
}

function hasPods(set: KubernetesObject): boolean {
  return (numberAt(set, 'spec', 'replicas') ?? 0) > 0 || (numberAt(set, 'status', 'replicas') ?? 0) > 0;
}
