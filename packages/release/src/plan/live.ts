import type { ApiResource, ClusterClient } from '@slipway/cluster';
import { type KubernetesObject, type ObjectReference, objectKey, referenceTo } from '@slipway/core';
import { PART_OF } from '../keys.ts';
import { inParallel } from '../parallel.ts';
import { unlessCode } from '../refusals/collect.ts';

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

/** The kinds of the objects as the server knows them; a kind that it does not serve is absent. */
export async function readResources(
  client: ClusterClient,
  objects: readonly { readonly apiVersion: string; readonly kind: string }[],
): Promise<Map<string, ApiResource>> {
  const kinds = new Map(
    objects.map(({ apiVersion, kind }) => [kindKey({ apiVersion, kind }), { apiVersion, kind }]),
  );
  const resources = new Map<string, ApiResource>();
  await inParallel([...kinds], async ([key, { apiVersion, kind }]) => {
    const resource = await unlessUnknown(client.resource(apiVersion, kind));
    if (resource !== undefined) resources.set(key, resource);
  });
  return resources;
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

/** Undefined where the cluster does not serve the kind. */
export async function unlessUnknown<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return unlessCode('cluster-unknown-kind', () => work);
}

/** Undefined where the credentials have no such right, for what is good to know and not needed. */
export async function unlessForbidden<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return unlessCode('cluster-forbidden', () => work);
}
