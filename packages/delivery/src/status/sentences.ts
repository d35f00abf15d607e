import {
  count,
  type DestinationStatus,
  formatProblem,
  type Hold,
  type LiveRelease,
  quote,
} from '@slipway/core';
import { describeObject, type ObjectReference } from '@slipway/kubernetes';
import {
  areSecrets,
  type LockHolder,
  type LockState,
  type ObservedFormation,
  type StatusNote,
} from '@slipway/release';
import type { FoundFormation } from '../formation/found-formation.ts';
import { behindSentences } from './behind-sentence.ts';
import type { BehindFound, SeenDestination } from './seen.ts';

/** The sentences about a destination, by what they mean for it. */
export type Sentences = Pick<DestinationStatus, 'attention' | 'waiting' | 'unknown' | 'limits'>;

/** The most objects that have a sentence of their own. */
const MOST_NAMED = 5;

export function sentencesOf(seen: SeenDestination, found: BehindFound): Sentences {
  const { observed, target, lastKnown } = seen;
  const unknown = [
    ...(seen.problems ?? []).map(formatProblem),
    ...(lastKnown?.problem === undefined ? [] : [`what the registry has of it: ${lastKnown.problem}`]),
    ...(observed === undefined ? [] : unknownIn(observed, target)),
    ...(found.unknown === undefined ? [] : [found.unknown]),
  ];
  // What only the registry says is how it was.
  const live = lastKnown === undefined ? seen.live : undefined;
  return {
    attention: [
      ...(live === undefined ? [] : failureOf(live)),
      ...(observed === undefined
        ? []
        : [...missing(seen), ...unhealthy(observed), ...drifted(observed), ...leftLocked(observed)]),
    ],
    waiting: [
      ...(observed === undefined ? [] : waitingIn(observed, seen)),
      ...(lastKnown?.hold === undefined ? [] : [heldSentence(lastKnown.hold)]),
      ...(found.behind === undefined ? [] : behindSentences(found.behind)),
    ],
    unknown,
    limits: [...(observed === undefined ? [] : limitsOf(observed)), ...(found.limits ?? [])],
  };
}

function unknownIn(observed: ObservedFormation, { identity }: FoundFormation): string[] {
  const { release, kept, hold, lock, drift, health, recordProblems } = observed;
  const noted = release?.destination;
  const unreadable = health.filter(({ readable }) => !readable).map(({ object }) => object);
  const unread = drift === undefined || areSecrets(drift.unread) ? [] : drift.unread;
  const unnoted = drift?.unnoted ?? [];
  return [
    ...(release === undefined && kept === undefined
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

function failureOf({ release, verdict, verified }: LiveRelease): string[] {
  if (verdict === undefined || verdict === 'succeeded') return [];
  return [`release ${release} ended as ${verdict}${verified === undefined ? '' : ` at ${verified}`}`];
}

function unhealthy({ health }: ObservedFormation): string[] {
  const found = health.filter(({ state, readable }) => readable && state !== 'ready' && state !== 'unknown');
  return named(found, ({ object, message }) => `${describeObject(object)} is not ready: ${message}`);
}

function drifted({ drift }: ObservedFormation): string[] {
  return named(drift?.found ?? [], ({ object, change, fields, by }) => {
    const who = by.length === 0 ? '' : ` by ${by.map(quote).join(' and ')}`;
    const what = fields.length === 0 ? '' : ` at ${fields.slice(0, MOST_NAMED).join(', ')}`;
    const more = fields.length > MOST_NAMED ? ` and ${fields.length - MOST_NAMED} more fields` : '';
    const verb = change === 'removed' ? 'was removed' : 'was changed';
    return `${describeObject(object)} ${verb} since its release${who}${what}${more}`;
  });
}

function waitingIn(
  { release, kept, hold, lock }: ObservedFormation,
  { live, lastKnown }: SeenDestination,
): string[] {
  const held = hold.state === 'held' ? hold.hold : undefined;
  const isEmpty =
    release === undefined && kept === 0 && live === undefined && lastKnown?.problem === undefined;
  return [
    ...(isEmpty ? ['nothing has been released here'] : []),
    ...(release !== undefined && live !== undefined && live.verdict === undefined
      ? [
          `release ${live.release} has no verdict: it is being deployed or verified, or its run ended before that`,
        ]
      : []),
    ...(held === undefined ? [] : [heldSentence(held)]),
    ...(lock.state === 'held' ? [`${lockedSentence(lock.holder)}: a run is at work`] : []),
  ];
}

/** What the registry has as deployed, and the cluster knows nothing of, although it may be asked. */
function missing({ live, observed }: SeenDestination): string[] {
  if (live?.source !== 'registry' || observed?.kept !== 0) return [];
  return [
    `nothing is recorded here, although release ${live.release} was the last one that the registry has: it was removed, or its namespace or cluster was lost; deploy again, or take the destination out of the formation`,
  ];
}

function leftLocked({ lock }: ObservedFormation): string[] {
  if (lock.state !== 'stale') return [];
  return [
    `${lockedSentence(lock.holder)}: that run has not renewed the lock since ${lock.holder.renewed} and ended without releasing it; the next run takes it over`,
  ];
}

function lockedSentence({ by, since }: LockHolder): string {
  return `locked by ${by}${since === undefined ? '' : ` since ${since}`}`;
}

function heldSentence({ by, reason, since, until }: Hold): string {
  return `on hold since ${since}${until === undefined ? '' : ` until ${until}`} by ${by}: ${reason}`;
}

function limitsOf({ drift, health, kept }: ObservedFormation): string[] {
  const secrets = drift !== undefined && areSecrets(drift.unread) ? drift.unread.length : 0;
  const silent = health.filter(({ state, readable }) => readable && state === 'unknown').length;
  return [
    ...(kept === undefined
      ? ['Secrets may not be read: the release is as noted, which anyone who may change Leases can write']
      : []),
    ...(secrets === 0 ? [] : [`${count(secrets, 'Secret')} not compared`]),
    ...(silent === 0
      ? []
      : [`${count(silent, 'object')} without a status of ${silent === 1 ? 'its' : 'their'} own`]),
  ];
}

function named<Item>(items: readonly Item[], sentence: (item: Item) => string): string[] {
  const shown = items.slice(0, MOST_NAMED).map(sentence);
  const more = items.length - shown.length;
  return more === 0 ? shown : [...shown, `and ${count(more, 'more object')}`];
}

function listed(objects: readonly ObjectReference[]): string {
  const shown = objects.slice(0, MOST_NAMED).map(describeObject).join(', ');
  const more = objects.length - MOST_NAMED;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
