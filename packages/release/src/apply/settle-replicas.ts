import type { ClusterClient } from '@slipway/cluster';
import {
  formatProblem,
  type Logger,
  type RecordedObject,
  type Release,
  SlipwayError,
  valueAt,
} from '@slipway/core';
import {
  describeObject,
  isKnownAutoscaler,
  type KubernetesObject,
  keyOf,
  labelsOf,
  objectKey,
  PART_OF,
  referenceTo,
  scaleTargets,
  uidOf,
} from '@slipway/kubernetes';
import { MOST_FOR_DELETION, stillThere } from '../cluster/await-gone.ts';
import { readResources } from '../cluster/live.ts';
import { applySetId } from '../names.ts';
import { isSetByAutoscaler } from '../objects/claims.ts';
import { readScaleTargets, type ScaleTargets } from '../plan/scale-targets.ts';
import type { Patience } from './remove.ts';
import { type WriteContext, writeObject } from './write-object.ts';

export interface SettleReplicasOptions extends Patience {
  /** Guarded by the formation's lock. */
  readonly client: ClusterClient;
  readonly release: Release;
  /** `owner/name` of the repository that deploys. */
  readonly repository: string;
  readonly logger: Logger;
}

interface Workload {
  readonly object: KubernetesObject;
  readonly path: readonly string[];
}

/**
 * Writes the replicas of a release's manifests once more where an autoscaler has changed them until it was removed: it may do so as long
 * as it exists, which is until the release has succeeded.
 * @param removed what left the release and is gone
 */
export async function settleReplicas(
  removed: readonly RecordedObject[],
  options: SettleReplicasOptions,
): Promise<void> {
  if (!removed.some(isKnownAutoscaler)) return;
  const found = await remainingScalers(removed, options);
  const scaled = scaleTargets(found.autoscalers);
  for (const object of manifestsOf(options.release)) {
    const path = found.paths.get(keyOf(object));
    if (path === undefined || valueAt(object, path) === undefined || scaled.has(keyOf(object))) continue;
    await settle({ object, path }, found, options);
  }
}

function manifestsOf({ manifests }: Release): readonly KubernetesObject[] {
  return manifests as unknown as readonly KubernetesObject[];
}

/** The live autoscalers, once those are gone that KEDA had made of the removed ones. */
async function remainingScalers(
  removed: readonly RecordedObject[],
  { client, release, mostForDeletion: timeout = MOST_FOR_DELETION, ...patience }: SettleReplicasOptions,
): Promise<ScaleTargets> {
  const manifests = manifestsOf(release);
  const { resources } = await readResources(client, manifests);
  const found = await readScaleTargets(client, manifests, resources);
  const uids = new Set(removed.flatMap(({ uid }) => uid ?? []));
  const going = found.autoscalers.filter(({ metadata: { ownerReferences } }) =>
    (Array.isArray(ownerReferences) ? ownerReferences : []).some(owner =>
      uids.has(String(valueAt(owner, ['uid']))),
    ),
  );
  if (going.length === 0) return found;
  const owned = going.map(object => ({ ...referenceTo(object), uid: uidOf(object) }));
  await stillThere(owned, { ...patience, client, timeout });
  return await readScaleTargets(client, manifests, resources);
}

async function settle(
  { object, path }: Workload,
  { unknown }: ScaleTargets,
  options: SettleReplicasOptions,
): Promise<void> {
  const { client, release, logger } = options;
  const live = await client.get(referenceTo(object));
  if (live === undefined || !isOurs(live, release) || !isSetByAutoscaler(live, path)) return;
  const [stated, number] = [valueAt(object, path), valueAt(live, path)];
  if (number === stated) return;
  const what = describeObject(referenceTo(object));
  const stays = `${what} has ${number} replicas, which an autoscaler set before it was removed, and ${stated} in its manifest`;
  if (unknown.has(String(object.metadata['namespace']))) {
    logger.warning(`${stays}: whether another one sets them is not known, as autoscalers cannot be listed`);
    return;
  }
  try {
    await writeObject(writeContext({ object, path }, options), {
      ...{ source: object, object, action: 'change', live, fields: [], sealed: false },
    });
    logger.info(
      `${what} has ${stated} replicas again, as in its manifest: an autoscaler had set ${number} before it was removed`,
    );
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    logger.warning(`${stays}; the next deploy writes it: ${error.problems.map(formatProblem).join('; ')}`);
  }
}

/** Whether a live object is the one that the release has; its UID is recorded unless deploy died before it noted it. */
function isOurs(live: KubernetesObject, release: Release): boolean {
  const recorded = release.objects.find(object => objectKey(object) === keyOf(live));
  return recorded?.uid === uidOf(live) && labelsOf(live)[PART_OF] === applySetId(release, release.namespace);
}

function writeContext(
  { object, path }: Workload,
  { client, release, repository, clock, signal, mostForDeletion = MOST_FOR_DELETION }: SettleReplicasOptions,
): WriteContext {
  const { application, formation, destination, namespace, deploymentTag } = release;
  const identity = { application, formation, destination, namespace, repository };
  return {
    client,
    request: { identity, adopt: false, forceConflicts: false },
    takenOver: false,
    unseal: undefined,
    seals: new Map(),
    set: applySetId(release, namespace),
    stamp: { release: String(release.number), deploymentTag },
    replicas: new Map([[keyOf(object), { path, stays: false, isFree: true }]]),
    timeout: mostForDeletion,
    clock,
    signal,
  };
}
