import type { ClusterClient } from '@slipway/cluster';
import {
  defined,
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
  | UnknownHold;

export interface UnknownHold {
  readonly state: 'unknown';
  readonly problem: Problem;
  /** The hold of the Lease or of the record, where only the other one cannot be read. */
  readonly known?: Hold;
}

/** The newest release, as far as a hold depends on it. */
export type HeldRelease = Pick<Release, 'hold' | 'number'>;

/**
 * Reads the hold of a formation from its Lease, which takes no right to Secrets, and from the record of its newest release where the
 * caller has it: the Lease may have been deleted, and only records are signed. The one that ends later counts.
 * @param newest the record of the newest release, if it may be read
 */
export async function readHold(
  client: ClusterClient,
  owner: RecordOwner,
  now: Date,
  newest?: HeldRelease,
): Promise<HoldState> {
  try {
    return holdOn(await client.get(holdReference(owner)), owner, now, newest);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return unknownHold(notReadable(owner), recordedHold(owner, newest));
  }
}

/**
 * As `readHold`, of a Lease that was read.
 * @param lease undefined if there is none
 */
export function holdOn(
  lease: KubernetesObject | undefined,
  owner: RecordOwner,
  now: Date,
  newest: HeldRelease | undefined,
): HoldState {
  const found = [lease === undefined ? {} : notedHold(owner, lease), recordedHold(owner, newest)];
  const hold = longestOf(found);
  const problem = found.find(one => one.problem !== undefined)?.problem;
  if (problem !== undefined) return unknownHold(problem, { hold });
  if (hold === undefined) return { state: 'none' };
  return { state: isInForce(hold, now) ? 'held' : 'ended', hold };
}

/**
 * The hold that a rollback leaves: of the one that there is and the wanted one, the one that ends later. Where it is not known what
 * there is, the wanted one gets no end, since what it replaces may have none either.
 */
export function holdToLeave(found: HoldState, wanted: Hold): Hold {
  const there = knownHold(found);
  const hold = there === undefined ? wanted : longerHold(there, wanted);
  if (found.state !== 'unknown') return hold;
  const { until: _, ...endless } = hold;
  return endless;
}

/**
 * The hold that a rollback leaves which sets none: the one that there is. One that cannot be read stays as it is, so that it is not
 * taken for none later.
 * @param newest the record of the newest release
 */
export function holdToKeep(found: HoldState, newest: HeldRelease): Hold | undefined {
  return found.state === 'unknown' ? newest.hold : knownHold(found);
}

function knownHold(found: HoldState): Hold | undefined {
  if (found.state === 'none') return undefined;
  return found.state === 'unknown' ? found.known : found.hold;
}

/** What a Lease or a record says. */
interface Found {
  readonly hold?: Hold | undefined;
  readonly problem?: Problem<ReleaseErrorCode>;
}

function longestOf(found: readonly Found[]): Hold | undefined {
  const [first, ...others] = found.flatMap(({ hold }) => hold ?? []);
  return first && others.reduce(longerHold, first);
}

function unknownHold(problem: Problem, { hold }: Found): UnknownHold {
  return { state: 'unknown', problem, ...defined({ known: hold }) };
}

function notedHold(owner: RecordOwner, lease: KubernetesObject): Found {
  const where = `the annotation ${HOLD} of the Lease ${holdName(owner)}`;
  try {
    return { hold: parseHold(annotationOf(lease, HOLD) ?? '', where) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { problem: holdUnreadable(owner, where) };
  }
}

function recordedHold(owner: RecordOwner, newest: HeldRelease | undefined): Found {
  const { hold, number } = newest ?? {};
  const where = `the record of release ${number}`;
  if (hold === undefined) return {};
  return holdProblems(hold, where).length > 0 ? { problem: holdUnreadable(owner, where) } : { hold };
}

/** Why nothing but a rollback may be applied; empty if the formation is not held. */
export function holdRefusals(owner: RecordOwner, found: HoldState): Problem[] {
  if (found.state === 'unknown') return [found.problem];
  return found.state === 'held' ? [formationHeld(owner, found.hold)] : [];
}

export function holdReference(owner: RecordOwner): ObjectReference {
  return { ...leaseReference(owner), name: holdName(owner) };
}
