import type { ApiResource, ClusterClient } from '@slipway/cluster';
import {
  type KubernetesObject,
  type ObjectReference,
  objectKey,
  referenceTo,
  type SlipwayError,
} from '@slipway/core';
import { PART_OF } from '../keys.ts';
import { isDown, unlessForbidden, unlessUnknown } from './expected-errors.ts';
import { inParallel } from './parallel.ts';

/** The live objects of a set, of these kinds in these namespaces, by key: one request for each kind and namespace. */
export async function readMembers(
  client: ClusterClient,
  set: string,
  references: readonly ObjectReference[],
): Promise<Map<string, KubernetesObject>> {
  const lists = new Map(
    references.map(({ apiVersion, kind, namespace }) => [
      JSON.stringify([apiVersion, kind, namespace]),
      { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) },
    ]),
  );
  const members = new Map<string, KubernetesObject>();
  await inParallel([...lists.values()], async query => {
    // Without the right to list, each object is looked for by its name later.
    const list = await unlessForbidden(client.list({ ...query, labelSelector: `${PART_OF}=${set}` }));
    for (const item of list?.items ?? []) members.set(objectKey(referenceTo(item)), item);
  });
  return members;
}

/** Kinds by `kindKey`; one that the server does not serve is in neither map. */
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
    objects.map(({ apiVersion, kind }) => [kindKey({ apiVersion, kind }), { apiVersion, kind }]),
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

export function kindKey({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string;
  readonly kind: string;
}): string {
  return `${apiVersion} ${kind}`;
}
