import { resolve } from 'node:path';
import type { ClusterClient } from '@slipway/cluster';
import { type KubernetesObject, quote, referenceTo, SlipwayError } from '@slipway/core';
import type { WatchedObject } from '@slipway/rollout';
import type { VerifyErrorCode } from './error-codes.ts';

/** Kinds that a label selector looks for: those that can fail after they were applied. */
const SELECTED_KINDS = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'Job'],
  ['v1', 'Service'],
] as const;

/**
 * The objects of manifests that somebody else applied: a rendered tree, or plain files.
 * @throws SlipwayError for manifests that cannot be read, and `nothing-to-verify`
 */
export async function objectsOfManifests(
  client: Pick<ClusterClient, 'resource'>,
  paths: readonly string[],
  { workspace, namespace }: { readonly workspace: string; readonly namespace: string },
): Promise<readonly WatchedObject[]> {
  const objects = await readObjects(paths, workspace);
  if (objects.length === 0) throw nothing('the manifests hold no object', 'check the path in "manifests"');
  return Promise.all(objects.map(object => placed(client, object, namespace)));
}

async function readObjects(
  paths: readonly string[],
  workspace: string,
): Promise<readonly KubernetesObject[]> {
  const { isRenderedTree, readManifests, readRenderedTree } = await import('@slipway/render');
  const [first] = paths;
  if (paths.length === 1 && first !== undefined && (await isRenderedTree(resolve(workspace, first)))) {
    const destinations = await readRenderedTree(resolve(workspace, first));
    return destinations.flatMap(({ objects }) => objects.map(({ object }) => object));
  }
  return (await readManifests(paths, workspace)).objects.map(({ object }) => object);
}

async function placed(
  client: Pick<ClusterClient, 'resource'>,
  object: KubernetesObject,
  namespace: string,
): Promise<WatchedObject> {
  const reference = referenceTo(object);
  const { namespaced } = await client.resource(reference.apiVersion, reference.kind);
  return namespaced ? { namespace, ...reference } : reference;
}

/** @throws SlipwayError `nothing-to-verify` */
export async function objectsOfSelector(
  client: Pick<ClusterClient, 'list'>,
  labelSelector: string,
  namespace: string,
): Promise<readonly WatchedObject[]> {
  const lists = await Promise.all(
    SELECTED_KINDS.map(([apiVersion, kind]) => client.list({ apiVersion, kind, namespace, labelSelector })),
  );
  const objects = lists.flatMap(({ items }) => items.map(referenceTo));
  if (objects.length === 0)
    throw nothing(
      `the selector ${quote(labelSelector)} matches nothing in namespace ${quote(namespace)}`,
      'check the labels with kubectl get all -l',
    );
  return objects;
}

function nothing(message: string, remedy: string): SlipwayError<VerifyErrorCode> {
  return new SlipwayError({ code: 'nothing-to-verify', message, remedy });
}
