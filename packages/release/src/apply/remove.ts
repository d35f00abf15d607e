import type { ClusterClient } from '@slipway/cluster';
import { defined, inParallel, type Logger, type RecordedObject, textMap } from '@slipway/core';
import {
  describeObject,
  isTerminating,
  isWithin,
  type KubernetesObject,
  keyOf,
  objectKey,
  PART_OF,
  PRUNE,
  uidIfAny,
} from '@slipway/kubernetes';
import { type AwaitGoneOptions, MOST_FOR_DELETION, objectStays, stillThere } from '../cluster/await-gone.ts';
import { isDown, unlessCode, unlessForbidden, unlessUnknown } from '../cluster/expected-errors.ts';
import { type Listed, listObjects } from '../cluster/listed.ts';
import { applySetId } from '../names.ts';
import { asRead } from '../objects/identity.ts';
import { isProtected } from '../records/leaving.ts';
import type { RecordOwner } from '../records/records.ts';
import type { Allow } from '../request.ts';

type Fate = 'removed' | 'going' | 'gone' | 'left';

export interface Removal {
  readonly client: ClusterClient;
  /** Whose set the objects are in. */
  readonly release: RecordOwner;
  /** What may be deleted outside the release's own namespace. */
  readonly allow: Allow;
  readonly logger: Logger;
  /** The objects as they were listed; what is not among them is read by its name. */
  readonly listed?: Listed | undefined;
  /** Whether claims of volumes are deleted although nothing on them says so; by default they are kept. */
  readonly volumes?: 'kept' | 'deleted' | undefined;
}

/** How long deleted objects may take until they are gone; by default a minute, as pods get 30 s to end. */
export interface Patience extends Pick<AwaitGoneOptions, 'clock' | 'signal'> {
  /** Milliseconds. */
  readonly mostForDeletion?: number | undefined;
}

/**
 * Deletes recorded objects as `removeObjects` does, and waits until they are gone. What finalizers keep is not removed: a warning
 * names it, and it is left, so that it stays recorded.
 */
export async function removeForGood(
  removal: Removal,
  objects: readonly RecordedObject[],
  patience: Patience,
): Promise<{ readonly removed: RecordedObject[]; readonly left: RecordedObject[] }> {
  const { removed, going, left } = await removeObjects(removal, objects);
  const { client, logger } = removal;
  const { mostForDeletion: timeout = MOST_FOR_DELETION } = patience;
  // Whoever deleted it before has waited for it, so that it does not hold up every release that comes.
  const stays = [
    ...(await stillThere(removed, { ...patience, client, timeout })),
    ...(await stillThere(going, { ...patience, client, timeout: 0 })),
  ];
  for (const live of stays)
    logger.warning(`${objectStays(live).message}; it stays recorded, and the next prune looks at it again`);
  const keys = new Set(stays.map(live => keyOf(live)));
  const isKept = (object: RecordedObject): boolean => keys.has(objectKey(object));
  const gone = removed.filter(object => !isKept(object));
  for (const object of gone) logger.info(`Deleted ${describeObject(object)}`);
  return { removed: gone, left: [...left, ...[...removed, ...going].filter(isKept)] };
}

/**
 * Deletes recorded objects that are still the recorded ones, still in the set, and within what the release may touch.
 * @returns what was deleted, what was being deleted already, and what was not deleted; the log says why
 */
export async function removeObjects(
  removal: Removal,
  objects: readonly RecordedObject[],
): Promise<Readonly<Record<'removed' | 'going' | 'left', RecordedObject[]>>> {
  const { client, release, listed = await listMembers(client, release, objects) } = removal;
  const fates = await inParallel(objects, object => removeObject({ ...removal, listed }, object));
  const of = (fate: Fate): RecordedObject[] => objects.filter((_object, index) => fates[index] === fate);
  return { removed: of('removed'), going: of('going'), left: of('left') };
}

/** Recorded objects that are in the set, as they are now. */
export async function listMembers(
  client: ClusterClient,
  owner: RecordOwner,
  objects: readonly RecordedObject[],
): Promise<Listed> {
  return await listObjects(client, objects, `${PART_OF}=${applySetId(owner, owner.namespace)}`);
}

async function removeObject(removal: Removal, object: RecordedObject): Promise<Fate> {
  for (let now = removal; ; now = { ...removal, listed: undefined }) {
    const fate = await unlessCode('cluster-conflict', () => removeOnce(now, object));
    // It has changed between looking and deleting, so it is looked at again.
    if (fate !== undefined) return fate;
  }
}

async function removeOnce(
  { client, release, allow, logger, listed, volumes }: Removal,
  object: RecordedObject,
): Promise<Fate> {
  const { apiVersion, kind, namespace, name } = object;
  const reference = { apiVersion, kind, ...defined({ namespace }), name };
  const within = isWithin(reference, release.namespace, allow);
  const look = async (): Promise<KubernetesObject | undefined> =>
    listed?.get(reference) ?? (await unlessUnknown(client.get(reference)));
  // Outside what the release may touch, the credentials need not be able to read either.
  const live = await (within ? look() : unlessForbidden(look())).catch((error: unknown) => {
    if (isDown(error)) return error;
    throw error;
  });
  if (isDown(live)) {
    logger.warning(`${describeObject(reference)} was not deleted: ${live.message}`);
    return 'left';
  }
  if (live === undefined) return 'gone';
  if (!isOurs(live, object, applySetId(release, release.namespace))) {
    logger.info(`${describeObject(reference)} was not deleted: it is not the object that was deployed`);
    return 'gone';
  }
  if (ownerOf(live) === undefined) {
    logger.warning(
      `${describeObject(reference)} was not deleted: it was deployed, but someone removed its label ${PART_OF}; delete it by hand if no one needs it`,
    );
    return 'left';
  }
  if (!within) {
    logger.warning(
      `${describeObject(reference)} was not deleted: the formation's allow does not name its namespace or kind; delete it by hand, or add it to allow until it has been deleted`,
    );
    return 'left';
  }
  if (object.existedBefore === true) {
    logger.info(
      `${describeObject(reference)} was not deleted: it existed before this formation deployed it; delete it by hand if no one needs it`,
    );
    return 'left';
  }
  const isGivenUp = volumes === 'deleted' && object.kind === 'PersistentVolumeClaim';
  if (isProtected(object) && !isGivenUp && textMap(live.metadata['annotations'] ?? null)[PRUNE] !== 'allow') {
    logger.info(`${describeObject(reference)} was not deleted (needs ${PRUNE}: allow)`);
    return 'left';
  }
  if (isTerminating(live)) return 'going';
  await client.delete(reference, asRead(live));
  return 'removed';
}

/** Whether a live object is the recorded one, and no other set has it by now. */
function isOurs(live: KubernetesObject, recorded: RecordedObject, set: string): boolean {
  const owner = ownerOf(live);
  const isKept = owner === undefined || owner === set;
  return isKept && recorded.uid !== undefined && uidIfAny(live) === recorded.uid;
}

function ownerOf({ metadata }: KubernetesObject): string | undefined {
  return textMap(metadata['labels'] ?? null)[PART_OF];
}
