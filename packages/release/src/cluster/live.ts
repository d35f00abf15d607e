import type { ApiResource, ClusterClient } from '@slipway/cluster';
import { defined, inParallel, type SlipwayError } from '@slipway/core';
import {
  type Kind,
  type KubernetesObject,
  type ObjectReference,
  objectKey,
  PART_OF,
  referenceTo,
} from '@slipway/kubernetes';

import { isDown, unlessForbidden, unlessUnknown } from './expected-errors.ts';

/** The live objects of a set, of these kinds in these namespaces, by key: one request for each kind and namespace. */
export async function readMembers(
  client: ClusterClient,
  set: string,
  references: readonly ObjectReference[],
): Promise<Map<string, KubernetesObject>> {
  const lists = new Map(
    references.map(({ apiVersion, kind, namespace }) => [
      JSON.stringify([apiVersion, kind, namespace]),
      { apiVersion, kind, ...defined({ namespace }) },
    ]),
  );
  const members = new Map<string, KubernetesObject>();
  await inParallel([...lists.values()], async query => {
    // Without the right to list, each object is read by its name later.
    const list = await unlessForbidden(client.list({ ...query, labelSelector: `${PART_OF}=${set}` }));
    for (const item of list?.items ?? []) members.set(objectKey(referenceTo(item)), item);
  });
  return members;
}

/** Kinds by `resourceKey`; one that the server does not serve is in neither map. */
export interface KindsOfServer {
  readonly resources: ReadonlyMap<string, ApiResource>;
  /** Kinds whose API is down, and what is wrong with it. */
  readonly down: ReadonlyMap<string, SlipwayError>;
}

/** The kinds of the objects as the server knows them. */
export async function readResources(
  client: ClusterClient,
  objects: readonly { readonly apiVersion: string; readonly kind: string }[],
): Promise<KindsOfServer> {
  const kinds = new Map(
    objects.map(({ apiVersion, kind }) => [resourceKey({ apiVersion, kind }), { apiVersion, kind }]),
  );
  const resources = new Map<string, ApiResource>();
  const down = new Map<string, SlipwayError>();
  await inParallel([...kinds], async ([key, { apiVersion, kind }]) => {
    try {
      const resource = await unlessUnknown(client.resource(apiVersion, kind));
      if (resource !== undefined) resources.set(key, resource);
    } catch (error) {
      if (!isDown(error)) throw error;
      down.set(key, error);
    }
  });
  return { resources, down };
}

/** Equal for objects that one resource of the API serves: unlike `kindKey` it tells versions apart. */
export function resourceKey({ apiVersion, kind }: Kind): string {
  return `${apiVersion} ${kind}`;
}
