import type { ClusterClient } from '@slipway/cluster';
import { defined, inParallel } from '@slipway/core';
import { type KubernetesObject, keyOf, type ObjectReference, objectKey } from '@slipway/kubernetes';
import { hasCode } from './expected-errors.ts';

/** Fewer objects of a kind are read by their names, since a list has all of its namespace. */
const WORTH_A_LIST = 4;

/** What says nothing of the objects: the right to list is missing, or their server does not know lists of metadata or does not answer. */
const UNLISTED = ['cluster-forbidden', 'cluster-unknown-kind', 'cluster-refused', 'cluster-api-down'];

/** The metadata of objects, by lists of their kinds. */
export interface Listed {
  /** Whether the kind of an object was listed in its namespace, so that one that is not among them does not exist. */
  covers(object: ObjectReference): boolean;
  get(object: ObjectReference): KubernetesObject | undefined;
}

/**
 * Lists the metadata of objects: one request for each kind and namespace with many of them, in place of one for each object.
 * @param labelSelector for objects that need not be found without their label
 */
export async function listObjects(
  client: Pick<ClusterClient, 'listMetadata'>,
  objects: readonly ObjectReference[],
  labelSelector?: string,
): Promise<Listed> {
  const groups = Map.groupBy(objects, listOf);
  const worth = [...groups].filter(([, { length }]) => length >= WORTH_A_LIST);
  const found = new Map<string, KubernetesObject>();
  const covered = new Set<string>();
  await inParallel(worth, async ([key, [first]]) => {
    if (first === undefined) return;
    const { apiVersion, kind, namespace } = first;
    const query = { apiVersion, kind, ...defined({ namespace, labelSelector }) };
    const list = await client.listMetadata(query).catch((error: unknown) => {
      if (hasCode(error, ...UNLISTED)) return undefined;
      throw error;
    });
    if (list === undefined) return;
    covered.add(key);
    for (const item of list.items) found.set(keyOf(item), item);
  });
  return {
    covers: object => covered.has(listOf(object)),
    get: object => found.get(objectKey(object)),
  };
}

function listOf({ apiVersion, kind, namespace }: ObjectReference): string {
  return JSON.stringify([apiVersion, kind, namespace]);
}
