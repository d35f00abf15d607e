import { count, formatProblem, type LiveRelease, quote } from '@slipway/core';
import { areSecrets, type LockState, type ObservedFormation, type StatusNote } from '@slipway/release';
import type { FoundFormation } from '../formation/found-formation.ts';
import { listed, lockedSentence } from './listing.ts';
import type { LastKnown } from './seen.ts';

/** Milliseconds by which a time may be ahead of this machine's clock. */
const CLOCKS_DIFFER = 300_000;

export function unknownIn(
  observed: ObservedFormation,
  { identity }: FoundFormation,
  lastKnown: LastKnown | undefined,
): string[] {
  const { release, kept, hold, lock, drift, health, recordProblems } = observed;
  const noted = release?.destination;
  const unreadable = health.filter(({ readable }) => !readable).map(({ object }) => object);
  const unread = drift === undefined || areSecrets(drift.unread) ? [] : drift.unread;
  const unnoted = drift?.unnoted ?? [];
  return [
    ...(release === undefined && kept === undefined && lastKnown?.removed === undefined
      ? ['no release is noted, and Secrets may not be read: deploy again, or allow get and list of Secrets']
      : []),
    ...(release !== undefined && kept === 0
      ? [
          `release ${release.number} is noted, and no release is recorded: the records were deleted, or someone wrote the note; deploy again`,
        ]
      : []),
    ...(noted !== undefined && identity.destination !== undefined && noted !== identity.destination
      ? [`the newest release in namespace ${identity.namespace} is of the destination ${quote(noted)}`]
      : []),
    ...recordProblems.map(formatProblem),
    ...(hold.state === 'unknown' ? [formatProblem(hold.problem)] : []),
    ...(lock.state === 'unknown' ? [lockUnknown(lock)] : []),
    ...(unreadable.length === 0
      ? []
      : [`the health of ${listed(unreadable)}: these credentials may not read it`]),
    ...(unread.length === 0 ? [] : [`the drift of ${listed(unread)}: these credentials may not read it`]),
    ...(unnoted.length === 0
      ? []
      : [`the drift of ${listed(unnoted)}: what the release owns is not noted; deploy again`]),
    ...(release === undefined ? [] : unlistedIn(release)),
  ];
}

function lockUnknown({ why, holder }: LockState & { readonly state: 'unknown' }): string {
  return holder === undefined ? why : `${why}; it is ${lockedSentence(holder)}`;
}

/** A list that is not whole would let objects pass that no one has looked at. */
function unlistedIn({ objects, objectCount }: StatusNote): string[] {
  const unlisted = (objectCount ?? -1) - objects.length;
  if (unlisted === 0) return [];
  if (unlisted > 0) return [`the note has no room for ${count(unlisted, 'object')}`];
  return ['which objects the release has, as its note has no list of them that can be read: deploy again'];
}

/** A time that cannot be is not from a release. */
export function untimely({ release, since, verified }: LiveRelease, now: Date): string[] {
  const times = [
    ['began', since],
    ['got its verdict', verified],
  ] as const;
  return times
    .filter(([, time]) => time !== undefined && !(Date.parse(time) <= now.getTime() + CLOCKS_DIFFER))
    .map(
      ([what, time]) =>
        `when release ${release} ${what}: ${quote(time ?? '')} cannot be that time, so someone else wrote it; deploy again`,
    );
}
