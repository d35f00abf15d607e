import {
  count,
  type DestinationStatus,
  excerpt,
  formatProblem,
  type Hold,
  type LiveRelease,
  openReleaseSentence,
  quote,
  type Removal,
} from '@slipway/core';
import { describeObject } from '@slipway/kubernetes';
import { areSecrets, leftCopiesRemedy, type ObservedFormation } from '@slipway/release';
import { behindSentences } from './behind-sentence.ts';
import { lockedSentence, MOST_NAMED, named } from './listing.ts';
import type { BehindFound, SeenDestination } from './seen.ts';
import { unknownIn, untimely } from './unknown-sentences.ts';

/** The sentences about a destination, by what they mean for it. */
export type Sentences = Pick<DestinationStatus, 'attention' | 'waiting' | 'unknown' | 'limits'>;

/** Characters of a sentence, which may repeat what anyone wrote into a cluster. */
const MAX_SENTENCE = 600;

/** What is to be said about a destination, each in one line. */
export function sentencesOf(seen: SeenDestination, found: BehindFound, now: Date): Sentences {
  const { attention, waiting, unknown, limits } = allSentences(seen, found, now);
  return {
    attention: attention.map(inOneLine),
    waiting: waiting.map(inOneLine),
    unknown: unknown.map(inOneLine),
    limits: limits.map(inOneLine),
  };
}

function inOneLine(sentence: string): string {
  return excerpt(sentence.replace(/\s+/g, ' '), MAX_SENTENCE);
}

function allSentences(seen: SeenDestination, found: BehindFound, now: Date): Sentences {
  const { observed, target, lastKnown } = seen;
  // What only the registry says is how it was.
  const live = lastKnown === undefined ? seen.live : undefined;
  return {
    attention: [
      ...(live === undefined ? [] : failureOf(live)),
      ...(observed === undefined
        ? []
        : [
            ...missing(seen),
            ...leftCopies(seen, observed),
            ...strangers(observed),
            ...unhealthy(observed),
            ...drifted(observed),
            ...leftLocked(observed),
          ]),
    ],
    waiting: [
      ...(observed === undefined ? [] : waitingIn(observed, seen)),
      ...(lastKnown?.removed === undefined ? [] : [removedSentence(lastKnown.removed)]),
      ...(lastKnown?.hold === undefined ? [] : [heldSentence(lastKnown.hold)]),
      ...(found.behind === undefined ? [] : behindSentences(found.behind)),
    ],
    unknown: [
      ...(seen.problems ?? []).map(formatProblem),
      ...(lastKnown?.problem === undefined ? [] : [`what the registry has of it: ${lastKnown.problem}`]),
      ...(observed === undefined ? [] : unknownIn(observed, target, lastKnown)),
      ...(live === undefined ? [] : untimely(live, now)),
      ...(found.unknown === undefined ? [] : [found.unknown]),
    ],
    limits: [...(observed === undefined ? [] : limitsOf(observed)), ...(found.limits ?? [])],
  };
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

function waitingIn(observed: ObservedFormation, { live, lastKnown }: SeenDestination): string[] {
  const { release, open, kept, hold, lock } = observed;
  const held = hold.state === 'held' ? hold.hold : undefined;
  const { removed, problem } = lastKnown ?? {};
  const isEmpty = [release, live, removed, problem].every(one => one === undefined) && kept === 0;
  return [
    ...(isEmpty ? ['nothing has been released here'] : []),
    ...(open === undefined ? [] : [openReleaseSentence(open)]),
    ...(release !== undefined && open === undefined && live !== undefined && live.verdict === undefined
      ? [
          `release ${live.release} has no verdict: it is being deployed or verified, or its run ended before that, so that the job has to be run again`,
        ]
      : []),
    ...notedCopies(observed),
    ...(held === undefined ? [] : [heldSentence(held)]),
    ...(lock.state === 'held' ? [`${lockedSentence(lock.holder)}: a run is at work`] : []),
  ];
}

/** What the registry has as deployed, and the cluster knows nothing of, although it may be asked. */
function missing({ live, observed }: SeenDestination): string[] {
  if (live?.source !== 'registry' || observed?.kept !== 0) return [];
  return [
    `nothing is recorded here, although release ${live.release} was the last one that the registry has: it was removed or goes elsewhere now, or its namespace or cluster was lost; deploy again, or take the destination out of the formation`,
  ];
}

/** Its users are in no record, and no look would find them. */
function leftCopies({ target }: SeenDestination, { copies }: ObservedFormation): string[] {
  if (copies === undefined || !copies.areLeft) return [];
  const { names } = copies;
  return [
    `no release in steps is open, and ${copiesNamed(names)}, which may have users: ${leftCopiesRemedy(target.identity.namespace, names)}`,
  ];
}

/** No run widens a Service again while that is there. */
function strangers({ open, stranger }: ObservedFormation): string[] {
  if (open === undefined || stranger === undefined) return [];
  const act = open.phase === 'committing' ? 'commit' : 'undo';
  return [
    `the ${act} of release ${open.release} waits: ${stranger}; then run verify-rollout with "release: ${open.release}"`,
  ];
}

/** Without the right to Secrets the note is all that says that a release is open. */
function notedCopies({ copies }: ObservedFormation): string[] {
  if (copies === undefined || copies.areLeft) return [];
  return [
    `${copiesNamed(copies.names)}: whether its release is still open is not known without the right to Secrets, and verify-rollout with "release: open" says so`,
  ];
}

function copiesNamed(names: readonly string[]): string {
  return `there is the temporary copy ${names.map(name => `Deployment ${name}`).join(' and ')}`;
}

function leftLocked({ lock }: ObservedFormation): string[] {
  if (lock.state !== 'stale') return [];
  return [
    `${lockedSentence(lock.holder)}: that run has not renewed the lock since ${lock.holder.renewed} and ended without releasing it; the next run takes it over`,
  ];
}

function heldSentence({ by, reason, since, until }: Hold): string {
  return `on hold since ${since}${until === undefined ? '' : ` until ${until}`} by ${by}: ${reason}`;
}

function removedSentence({ at, by, reason, incomplete }: Removal): string {
  return `removed${incomplete === undefined ? '' : ' in part'} on ${at} by ${by}${reason === undefined ? '' : `: ${reason}`}`;
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
