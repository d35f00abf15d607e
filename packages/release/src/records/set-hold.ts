import type { ClusterClient } from '@slipway/cluster';
import { defined, formatHold, type Hold, SlipwayError, throwIfAny } from '@slipway/core';
import { APPLICATION, annotationOf, FORMATION, HOLD, type KubernetesObject } from '@slipway/kubernetes';
import { deleteAsRead } from '../cluster/delete-as-read.ts';
import { namespaceMissing } from '../cluster/namespace.ts';
import { forVersion } from '../objects/identity.ts';
import type { ReleaseIdentity } from '../request.ts';
import { type HoldState, holdReference } from './formation-hold.ts';
import { parentProblems, readParent } from './inventory.ts';
import { changeRecord, listReleases, type RecordOwner, readRelease } from './records.ts';

/**
 * Sets the hold of a formation, on its Lease and in the record of its newest release. It needs no lock: a run that is deploying goes on,
 * and every later one is refused.
 * @throws SlipwayError `object-foreign` if another repository deployed the formation
 */
export async function setHold(client: ClusterClient, owner: ReleaseIdentity, hold: Hold): Promise<void> {
  await refuseForeign(client, owner);
  await writeLease(client, owner, hold);
  await changeNewest(client, owner, hold);
}

/**
 * Lifts the hold of a formation, even one that cannot be read. The Lease is last: as long as it exists, the hold is in force.
 * @throws SlipwayError `object-foreign` if another repository deployed the formation
 */
export async function liftHold(client: ClusterClient, owner: ReleaseIdentity): Promise<void> {
  await refuseForeign(client, owner);
  await changeNewest(client, owner, undefined);
  await forgetHold(client, owner);
}

/** Deletes the Lease of a hold, if there is one. */
export async function forgetHold(client: ClusterClient, owner: RecordOwner): Promise<void> {
  const live = await client.get(holdReference(owner));
  if (live !== undefined) await deleteAsRead(client, live);
}

/**
 * Sets a hold before a rollback, whose record will have it too: whoever gets the lock before the rollback does is refused.
 * @returns what puts back what was there, for a rollback that was refused; a hold that another has set since stays, and so does this
 * one where it is not known what was there
 */
export async function holdBefore(
  client: ClusterClient,
  owner: ReleaseIdentity,
  hold: Hold,
  found: HoldState,
): Promise<() => Promise<void>> {
  await refuseForeign(client, owner);
  await writeLease(client, owner, hold);
  return async () => {
    if (found.state === 'unknown') return;
    const live = await client.get(holdReference(owner));
    if (live === undefined || annotationOf(live, HOLD) !== formatHold(hold)) return;
    if (found.state === 'held') await client.update(forVersion(leaseOfHold(owner, found.hold), live));
    else await deleteAsRead(client, live, 'Background', () => false);
  };
}

async function refuseForeign(client: ClusterClient, owner: ReleaseIdentity): Promise<void> {
  throwIfAny(parentProblems(await readParent(client, owner), owner));
}

async function writeLease(client: ClusterClient, owner: RecordOwner, hold: Hold): Promise<void> {
  for (;;) {
    const live = await client.get(holdReference(owner));
    const lease = forVersion(leaseOfHold(owner, hold), live);
    try {
      await (live === undefined ? client.create(lease) : client.update(lease));
      return;
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      // What can be missing at a create is the namespace.
      if (error.code === 'cluster-not-found' && live === undefined)
        throw new SlipwayError(namespaceMissing(owner.namespace), { cause: error });
      if (!OVERTAKEN.includes(error.code)) throw error;
    }
  }
}

/** Another writer was faster, so that reading again helps. */
const OVERTAKEN = ['cluster-conflict', 'cluster-exists', 'cluster-not-found'];

/** Who holds it is also where `kubectl get leases` shows it. */
function leaseOfHold(owner: RecordOwner, hold: Hold): KubernetesObject {
  const { apiVersion, kind, name, namespace } = holdReference(owner);
  const labels = { [APPLICATION]: owner.application, [FORMATION]: owner.formation };
  const annotations = { [HOLD]: formatHold(hold) };
  return {
    apiVersion,
    kind,
    metadata: { name, ...defined({ namespace }), labels, annotations },
    spec: { holderIdentity: hold.by },
  };
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
