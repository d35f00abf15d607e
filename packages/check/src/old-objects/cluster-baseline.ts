import type { ClusterClient } from '@slipway/cluster';
import { inParallel, SlipwayError } from '@slipway/core';
import { type KubernetesObject, keyOf, referenceTo } from '@slipway/kubernetes';
import type { CheckSurroundings, ClusterChoice } from '../request/surroundings.ts';
import type { Baseline, BaselineQuery } from './baseline.ts';

/** Requests to the API server at the same time. */
const CONCURRENCY = 8;

/** Compares with the objects in the cluster. */
export function clusterBaseline(
  { kubeconfig, context }: ClusterChoice,
  contextOf: (query: BaselineQuery) => string,
  { openCluster }: CheckSurroundings,
): Baseline {
  return async query => {
    const client = await openCluster({ kubeconfig, context: context || contextOf(query) });
    try {
      return await readLive(client, query);
    } finally {
      client.close();
    }
  };
}

async function readLive(client: ClusterClient, { objects, namespace }: BaselineQuery) {
  const live = new Map<string, KubernetesObject>();
  const work = async (object: KubernetesObject): Promise<void> => {
    const found = await liveObject(client, object, namespace);
    if (found !== undefined) live.set(keyOf(object, namespace), found);
  };
  await inParallel(objects, work, CONCURRENCY);
  return live;
}

async function liveObject(
  client: ClusterClient,
  object: KubernetesObject,
  namespace: string,
): Promise<KubernetesObject | undefined> {
  const reference = referenceTo(object);
  try {
    const { namespaced } = await client.resource(object.apiVersion, object.kind);
    return await client.get(namespaced ? { namespace, ...reference } : reference);
  } catch (error) {
    // A cluster without the kind has no objects of that kind.
    if (error instanceof SlipwayError && error.code === 'cluster-unknown-kind') return undefined;
    throw error;
  }
}
