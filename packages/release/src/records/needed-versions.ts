import type { ClusterClient } from '@slipway/cluster';
import { inParallel, type Logger, type RecordedObject, SlipwayError, valueAt } from '@slipway/core';
import { isJob, type KubernetesObject, objectKey } from '@slipway/kubernetes';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { isVersion } from '../content/given-names.ts';
import { contentKey } from '../content/naming.ts';
import { podReferences } from '../content/pod-references.ts';
import { hasCompleted, hasFailed } from '../objects/jobs.ts';
import { listReleases, type RecordOwner, readRelease } from './records.ts';

/** Kinds whose pods need what they refer to whenever one of them starts. */
const USERS = [
  ['v1', 'Pod'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'ReplicaSet'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
] as const;

/**
 * The versions of ConfigMaps and Secrets that left a formation but are still needed: by a kept release, which could be restored, or
 * by live workloads. If that cannot be found out, they count as needed.
 * @returns their keys
 */
export async function neededVersions(
  client: ClusterClient,
  owner: RecordOwner,
  leaving: readonly RecordedObject[],
  logger: Logger,
): Promise<ReadonlySet<string>> {
  const versions = leaving.filter(isVersion);
  if (versions.length === 0) return new Set();
  const recorded = await recordedKeys(client, owner, logger);
  if (recorded === undefined) return new Set(versions.map(objectKey));
  const unrecorded = versions.filter(object => !recorded.has(objectKey(object)));
  const used = await usedKeys(
    client,
    new Set(unrecorded.map(({ namespace }) => namespace ?? owner.namespace)),
  );
  return new Set(
    versions.map(objectKey).filter(key => recorded.has(key) || used === undefined || used.has(key)),
  );
}

/** The keys of all objects of kept releases; undefined if one of them cannot be read. */
async function recordedKeys(
  client: ClusterClient,
  owner: RecordOwner,
  logger: Logger,
): Promise<ReadonlySet<string> | undefined> {
  const keys = new Set<string>();
  for (const { number } of await listReleases(client, owner))
    try {
      for (const object of (await readRelease(client, owner, number)).objects) keys.add(objectKey(object));
    } catch (error) {
      if (!(error instanceof SlipwayError) || !error.code.startsWith('record-')) throw error;
      logger.warning(
        `Release ${number} cannot be read, so every ConfigMap and Secret that it may need is kept: ${error.message}`,
      );
      return undefined;
    }
  return keys;
}

/** The keys of what live pods and workloads refer to; undefined if they cannot be listed. */
export async function usedKeys(
  client: ClusterClient,
  namespaces: ReadonlySet<string>,
): Promise<ReadonlySet<string> | undefined> {
  const lists = await inParallel(
    [...namespaces].flatMap(namespace =>
      USERS.map(([apiVersion, kind]) => ({ apiVersion, kind, namespace })),
    ),
    query => unlessForbidden(client.list(query)),
  );
  if (lists.some(list => list === undefined)) return undefined;
  const live = lists.flatMap(list => list?.items ?? []).filter(startsPods);
  return new Set(
    live.flatMap(object =>
      podReferences(asTemplate(object)).map(({ kind, name }) => contentKey(kind, object, name)),
    ),
  );
}

function startsPods(object: KubernetesObject): boolean {
  if (object.kind === 'ReplicaSet') return valueAt(object, ['spec', 'replicas']) !== 0;
  if (isJob(object)) return !hasCompleted(object) && !hasFailed(object);
  const phase = object.kind === 'Pod' ? valueAt(object, ['status', 'phase']) : undefined;
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/** A live pod refers to what its template referred to. */
function asTemplate(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Pod') return object;
  const { metadata, spec = null } = object;
  return { apiVersion: 'v1', kind: 'PodTemplate', metadata, template: { spec } };
}
