import type { ClusterClient } from '@slipway/cluster';
import {
  type Hold,
  holdProblems,
  isInForce,
  longerHold,
  type Problem,
  parseHold,
  type Release,
  SlipwayError,
} from '@slipway/core';
import { annotationOf, HOLD, type KubernetesObject, type ObjectReference } from '@slipway/kubernetes';
import { isForbidden } from '../cluster/expected-errors.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { holdName } from '../names.ts';
import { formationHeld, holdUnreadable, notReadable } from './hold-errors.ts';
import { leaseReference } from './lease.ts';
import type { RecordOwner } from './records.ts';

/** Whether someone keeps a formation as it is. What cannot be read is `unknown`, and never the same as no hold. */
export type HoldState =
  | { readonly state: 'none' }
  | { readonly state: 'held' | 'ended'; readonly hold: Hold }
  | { readonly state: 'unknown'; readonly problem: Problem };

/**
 * Reads the hold of a formation from its Lease, which takes no right to Secrets, and from the record of its newest release where the
 * caller has it: the Lease may have been deleted, and only records are signed. The one that ends later counts.
 * @param newest the record of the newest release, if it may be read
 */
export async function readHold(
  client: ClusterClient,
  owner: RecordOwner,
  now: Date,
  newest?: Pick<Release, 'hold' | 'number'>,
): Promise<HoldState> {
  try {
    const lease = await client.get(holdReference(owner));
    return stateOf([lease && notedHold(owner, lease), recordedHold(owner, newest)], now);
  } catch (error) {
    if (isForbidden(error)) return { state: 'unknown', problem: notReadable(owner) };
    const [problem] = error instanceof SlipwayError ? error.problems : [];
    if (problem?.code !== 'hold-unreadable') throw error;
    return { state: 'unknown', problem: problem as Problem<ReleaseErrorCode> };
  }
}

function stateOf(found: readonly (Hold | undefined)[], now: Date): HoldState {
  const [first, ...others] = found.filter(hold => hold !== undefined);
  if (first === undefined) return { state: 'none' };
  const hold = others.reduce(longerHold, first);
  return { state: isInForce(hold, now) ? 'held' : 'ended', hold };
}

/** @throws SlipwayError `hold-unreadable` */
function notedHold(owner: RecordOwner, lease: KubernetesObject): Hold {
  const where = `the annotation ${HOLD} of the Lease ${holdName(owner)}`;
  try {
    return parseHold(annotationOf(lease, HOLD) ?? '', where);
  } catch (cause) {
    throw new SlipwayError(holdUnreadable(owner, where), { cause });
  }
}

/** @throws SlipwayError `hold-unreadable` */
function recordedHold(
  owner: RecordOwner,
  newest: Pick<Release, 'hold' | 'number'> | undefined,
): Hold | undefined {
  const { hold, number } = newest ?? {};
  const where = `the record of release ${number}`;
  if (hold !== undefined && holdProblems(hold, where).length > 0)
    throw new SlipwayError(holdUnreadable(owner, where));
  return hold;
}

/** Why nothing but a rollback may be applied; empty if the formation is not held. */
export function holdRefusals(owner: RecordOwner, found: HoldState): Problem[] {
  if (found.state === 'unknown') return [found.problem];
  return found.state === 'held' ? [formationHeld(owner, found.hold)] : [];
}

export function holdReference(owner: RecordOwner): ObjectReference {
  return { ...leaseReference(owner), name: holdName(owner) };
}
