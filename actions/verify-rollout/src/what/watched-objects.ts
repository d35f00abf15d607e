import { resolve } from 'node:path';
import type { ClusterClient } from '@slipway/cluster';
import { defined, type Position, quote, SlipwayError } from '@slipway/core';
import {
  isSecret,
  type KubernetesObject,
  keyOf,
  objectKey,
  referenceTo,
  scaleTargets,
  uidOf,
  withoutReplicas,
} from '@slipway/kubernetes';
import { appliedContent } from '@slipway/release';
import type { ManifestObject } from '@slipway/render';
import type { Fault, Successor, WatchedObject } from '@slipway/rollout';
import type { VerifyErrorCode } from '../error-codes.ts';
import type { Subject } from '../inputs.ts';
import { HELM_SECRET_TYPE, type HelmRelease, helmRevision, readHelmRelease } from './helm-release.ts';

/** Kinds that a label selector looks for: those that can fail after they were applied. */
const SELECTED_KINDS = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'Job'],
  ['v1', 'Service'],
  ['v1', 'PersistentVolumeClaim'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
] as const;

/** What another tool applied, and what is known about it. */
export interface AppliedObjects {
  readonly introduction: string;
  readonly objects: readonly WatchedObject[];
  readonly manifests: readonly KubernetesObject[];
  /** Where something of the manifests was written, if that is known. */
  positionAt?(fault: Fault): Position | undefined;
  readonly since?: Date | undefined;
  readonly successor?: Successor | undefined;
  /** Why it is not a success, whatever the state of the objects. */
  readonly objection?: string | undefined;
}

interface Surroundings {
  readonly workspace: string;
  readonly namespace: string;
}

/**
 * The objects of manifests, of a label selector, or of a release of Helm's.
 * @throws SlipwayError for manifests that cannot be read, `nothing-to-verify`, `helm-release-…`
 */
export async function appliedObjects(
  client: ClusterClient,
  subject: Exclude<Subject, { kind: 'release' | 'open-release' }>,
  surroundings: Surroundings,
): Promise<AppliedObjects> {
  switch (subject.kind) {
    case 'manifests':
      return await objectsOfManifests(client, subject.paths, surroundings);
    case 'selector':
      return await objectsOfSelector(client, subject.selector, surroundings);
    case 'helm-release':
      return await objectsOfHelm(client, subject.name, surroundings);
  }
}

/** A rendered tree, or plain files. Whoever applies them may not have come to it yet, so they are waited for. */
async function objectsOfManifests(
  client: Pick<ClusterClient, 'resource'>,
  paths: readonly string[],
  { workspace, namespace }: Surroundings,
): Promise<AppliedObjects> {
  const files = await readObjects(paths, workspace);
  const manifests = files.map(({ object }) => object);
  if (manifests.length === 0) throw nothing('the manifests hold no object', 'check the path in "manifests"');
  const scaled = scaleTargets(manifests, namespace);
  const objects = manifests.map(async object => ({
    ...(await placed(client, object, namespace)),
    expected: expectedOf(object, scaled, namespace),
  }));
  return {
    introduction: 'Watching the manifests',
    manifests,
    objects: await Promise.all(objects),
    positionAt: ({ object, pointer }) =>
      files.find(file => objectKey(referenceTo(file.object)) === objectKey(object))?.positionAt(pointer),
  };
}

/** What the live object should be; a Secret only has to exist, because its content is not compared. */
function expectedOf(
  object: KubernetesObject,
  scaled: ReadonlySet<string>,
  namespace: string,
): KubernetesObject | undefined {
  if (isSecret(object)) return undefined;
  return scaled.has(keyOf(object, namespace)) ? withoutReplicas(object) : object;
}

async function readObjects(paths: readonly string[], workspace: string): Promise<readonly ManifestObject[]> {
  const { isRenderedTree, readManifests, readRenderedTree } = await import('@slipway/render');
  const [first] = paths;
  if (paths.length === 1 && first !== undefined && (await isRenderedTree(resolve(workspace, first)))) {
    const destinations = await readRenderedTree(resolve(workspace, first));
    return destinations.flatMap(({ objects }) => objects);
  }
  return (await readManifests(paths, workspace)).objects;
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

async function objectsOfSelector(
  client: Pick<ClusterClient, 'list'>,
  labelSelector: string,
  { namespace }: Surroundings,
): Promise<AppliedObjects> {
  const lists = await Promise.all(
    SELECTED_KINDS.map(([apiVersion, kind]) =>
      selected(client, { apiVersion, kind, namespace, labelSelector }),
    ),
  );
  const manifests = lists.flat();
  if (manifests.length === 0)
    throw nothing(
      `the selector ${quote(labelSelector)} matches nothing in namespace ${quote(namespace)}`,
      'check the labels with kubectl get all -l',
    );
  const introduction = `Watching what ${labelSelector} selects`;
  return { introduction, manifests, objects: manifests.map(asSelected) };
}

/**
 * It was there when it was selected, so that it is known to be gone or replaced later. Nothing says that the rollout of a Deployment is
 * meant to stay paused, as a pause is written by hand.
 */
function asSelected(object: KubernetesObject): WatchedObject {
  const reference = { ...referenceTo(object), uid: uidOf(object) };
  const { apiVersion, kind, name } = reference;
  return kind === 'Deployment'
    ? { ...reference, declared: { apiVersion, kind, metadata: { name } } }
    : reference;
}

/** What may not be listed is not looked for: rights to workloads alone are enough for workloads. */
async function selected(
  client: Pick<ClusterClient, 'list'>,
  query: Parameters<ClusterClient['list']>[0],
): Promise<readonly KubernetesObject[]> {
  try {
    return (await client.list(query)).items;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'cluster-forbidden' && query.kind !== 'Deployment')
      return [];
    throw error;
  }
}

async function objectsOfHelm(
  client: ClusterClient,
  name: string,
  { namespace }: Surroundings,
): Promise<AppliedObjects> {
  const release = await readHelmRelease(client, name, namespace);
  if (/^(?:pending-|uninstall)/.test(release.status)) throw unfinished(release);
  const { revision, status, description, deployed, objects: manifests } = release;
  if (manifests.length === 0)
    throw nothing(`revision ${revision} of Helm's release ${quote(name)} has no object`, 'check the chart');
  return {
    introduction: `Revision ${revision} of Helm's release ${name}`,
    manifests,
    objects: await helmObjects(client, release, namespace),
    since: deployed,
    successor: {
      kind: { apiVersion: 'v1', kind: 'Secret' },
      namespace,
      labelSelector: `owner=helm,name=${name}`,
      fieldSelector: `type=${HELM_SECRET_TYPE}`,
      isSuccessor: secret => helmRevision(name, secret) > revision,
    },
    objection:
      status === 'deployed'
        ? undefined
        : `Helm calls revision ${revision} of ${quote(name)} ${quote(status)}: ${quote(description)}`,
  };
}

/** Helm's record has no more than what it applied and when, so that edits are known by who wrote a field after that. */
async function helmObjects(
  client: ClusterClient,
  { objects, deployed }: HelmRelease,
  namespace: string,
): Promise<readonly WatchedObject[]> {
  const references = await Promise.all(objects.map(object => placed(client, object, namespace)));
  const manifests = objects.map((object, index) => {
    const home = references[index]?.namespace;
    return home === undefined ? object : { ...object, metadata: { ...object.metadata, namespace: home } };
  });
  const began = deployed ?? new Date(Number.NaN);
  const release = { manifests, began, isTool: (manager: string) => /helm/i.test(manager) };
  return references.map((reference, index) => {
    const declared = manifests[index];
    return {
      ...reference,
      ...defined({ declared, content: declared && appliedContent(client, release, declared) }),
    };
  });
}

function unfinished({ name, revision, status, deployed }: HelmRelease): SlipwayError<VerifyErrorCode> {
  const since = deployed === undefined ? '' : ` since ${deployed.toISOString()}`;
  return new SlipwayError({
    code: 'helm-release-pending',
    message: `revision ${revision} of Helm's release ${quote(name)} is ${quote(status)}${since}`,
    remedy: 'wait until Helm has ended, or end it with helm rollback',
  });
}

function nothing(message: string, remedy: string): SlipwayError<VerifyErrorCode> {
  return new SlipwayError({ code: 'nothing-to-verify', message, remedy });
}
