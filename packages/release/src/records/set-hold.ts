import type { ClusterClient } from '@slipway/cluster';
import { type Clock, defined, type Hold, isSameHold, throwIfAny } from '@slipway/core';
import { annotationOf, HOLD_WRITTEN_BY, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { deleteAsRead } from '../cluster/delete-as-read.ts';
import { unlessCode } from '../cluster/expected-errors.ts';
import { asRead, forVersion } from '../objects/identity.ts';
import type { ReleaseIdentity } from '../request.ts';
import { type HeldRelease, holdOn, holdReference, holdToLeave } from './formation-hold.ts';
import { parentProblems, readParent } from './inventory.ts';
import { changeRecord, listReleases, type RecordOwner, readRelease } from './records.ts';
import { isWrittenBy, leaseOfHold, type WrittenHold, writeHold } from './write-hold.ts';

/**
 * Sets the hold of a formation, on its Lease and in the record of its newest release. It needs no lock: a run that is deploying goes on,
 * and every later one is refused.
 * @throws SlipwayError `object-foreign` if another repository deployed the formation
 */
export async function setHold(client: ClusterClient, owner: ReleaseIdentity, hold: Hold): Promise<void> {
  await refuseForeign(client, owner);
  await writeHold(client, owner, () => hold);
  await changeNewest(client, owner, hold);
}

/**
 * Lifts the hold of a formation, even one that cannot be read. The Lease is deleted after the record is changed: as long as it exists, the
 * hold is in force. A rollback may have read it until then, for the record that it has made since.
 * @throws SlipwayError `object-foreign` if another repository deployed the formation
 */
export async function liftHold(client: ClusterClient, owner: ReleaseIdentity): Promise<void> {
  await refuseForeign(client, owner);
  await changeNewest(client, owner, undefined);
  const live = await client.get(holdReference(owner));
  if (live !== undefined) await deleteAsRead(client, live);
  await changeNewest(client, owner, undefined);
}

/**
 * Deletes the Lease of a hold that has ended, if there is one.
 * @returns whether there is none any more; one that holds, or cannot be read, stays
 */
export async function forgetEnded(client: ClusterClient, owner: RecordOwner, clock: Clock): Promise<boolean> {
  const isOver = (lease: KubernetesObject): boolean =>
    holdOn(lease, owner, clock(), undefined).state === 'ended';
  const live = await client.get(holdReference(owner));
  if (live === undefined) return true;
  return isOver(live) && (await deleteAsRead(client, live, 'Background', isOver));
}

/** A hold that a rollback has set on the Lease. */
export interface HeldBefore {
  /**
   * Puts back what was there, for a rollback that was refused. Whatever another run has written since stays, even if it says the same,
   * and so does this hold where it is not known what was there.
   * @returns the hold that the Lease then has by this run and no record has: this one, or that of another rollback, which may have ended
   */
  undo(): Promise<Hold | undefined>;
}

/**
 * Sets a hold before a rollback, whose record will have it too: whoever gets the lock before the rollback does is refused. Of it and the
 * hold that there is, the one that ends later is set.
 * @param newest the record of the newest release
 */
export async function holdBefore(
  client: ClusterClient,
  owner: ReleaseIdentity,
  wanted: Hold,
  { newest, now }: { readonly newest: HeldRelease; readonly now: Date },
): Promise<HeldBefore> {
  await refuseForeign(client, owner);
  const written = await writeHold(client, owner, live =>
    holdToLeave(holdOn(live, owner, now, newest), wanted),
  );
  const found = holdOn(written.replaced, owner, now, newest);
  const undo = async (): Promise<Hold | undefined> => {
    for (;;) {
      const live = await client.get(holdReference(owner));
      if (live === undefined || !isWrittenBy(live, written.by)) return undefined;
      if (found.state === 'unknown') return written.hold;
      const back = found.state === 'held' ? found.hold : undefined;
      const isBack = await unlessCode('cluster-conflict', () =>
        putBack(client, owner, { live, back, written }),
      );
      if (isBack !== undefined) return isSameHold(back, newest.hold) ? undefined : back;
    }
  };
  return { undo };
}

/** Only of the Lease as it was read, so that what another run writes meanwhile stays. */
async function putBack(
  client: ClusterClient,
  owner: RecordOwner,
  {
    live,
    back,
    written,
  }: { readonly live: KubernetesObject; readonly back: Hold | undefined; readonly written: WrittenHold },
): Promise<true> {
  const { replaced } = written;
  if (back === undefined) await client.delete(referenceTo(live), asRead(live));
  else {
    // With who wrote it then, so that a run that takes it back still knows it as its own.
    const by = (replaced && annotationOf(replaced, HOLD_WRITTEN_BY)) ?? written.by;
    await client.update(forVersion(leaseOfHold(owner, back, by), live));
  }
  return true;
}

async function refuseForeign(client: ClusterClient, owner: ReleaseIdentity): Promise<void> {
  throwIfAny(parentProblems(await readParent(client, owner), owner));
}

/** Changes the record of the newest release, and of one that came meanwhile. */
async function changeNewest(
  client: ClusterClient,
  owner: RecordOwner,
  hold: Hold | undefined,
): Promise<void> {
  for (let changed = 0; ; ) {
    const [newest] = await listReleases(client, owner);
    if (newest === undefined || newest.number <= changed) return;
    const release = await readRelease(client, owner, newest.number);
    if (hold !== undefined || release.hold !== undefined)
      await changeRecord(client, release, ({ hold: _, ...record }) => ({ ...record, ...defined({ hold }) }));
    changed = newest.number;
  }
}
