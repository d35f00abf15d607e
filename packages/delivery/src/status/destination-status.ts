import {
  count,
  type DestinationStatus,
  type DriftedObject,
  defined,
  formatProblem,
  type Hold,
  type LiveRelease,
  quote,
  type StatusState,
} from '@slipway/core';
import { describeObject, type ObjectReference } from '@slipway/kubernetes';
import { areSecrets, type Drift, type ObservedFormation, type StatusNote } from '@slipway/release';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { BehindFound, SeenDestination } from './seen.ts';

/** The sentences about a destination, by what they mean for it. */
type Sentences = Pick<DestinationStatus, 'attention' | 'waiting' | 'unknown' | 'limits'>;

/** The most objects that have a sentence of their own. */
const MOST_NAMED = 5;

/** What a destination runs, what is wrong with it, and what is not known. */
export function destinationStatus(seen: SeenDestination, found: BehindFound): DestinationStatus {
  const { target, observed, live } = seen;
  const { formation, destination = '', namespace } = target.identity;
  const sentences = sentencesOf(seen, found);
  const hold = observed?.hold.state === 'held' ? observed.hold.hold : seen.storedHold;
  return {
    ...{ formation, destination, namespace },
    ...defined({ environment: target.checkout?.destination.environment }),
    state: stateOf(sentences),
    ...sentences,
    ...defined({ live, kept: observed?.kept, hold, behind: found.behind }),
    ...(observed?.release === undefined ? {} : { health: healthOf(observed) }),
    ...(observed?.drift === undefined ? {} : { drift: driftOf(observed.drift) }),
  };
}

function stateOf({ attention, waiting, unknown }: Sentences): StatusState {
  if (unknown.length > 0) return 'unknown';
  if (attention.length > 0) return 'attention';
  return waiting.length > 0 ? 'waiting' : 'fine';
}

function sentencesOf(seen: SeenDestination, found: BehindFound): Sentences {
  const { live, observed, target } = seen;
  const unknown = [
    ...(seen.problems ?? []).map(formatProblem),
    ...(observed === undefined ? [] : unknownIn(observed, target)),
    ...(found.unknown === undefined ? [] : [found.unknown]),
  ];
  const verdict = observed === undefined ? undefined : live;
  return {
    attention: [
      ...(verdict === undefined ? [] : failureOf(verdict)),
      ...(observed === undefined ? [] : [...unhealthy(observed), ...drifted(observed)]),
    ],
    waiting: [
      ...(observed === undefined ? [] : waitingIn(observed, verdict)),
      ...(seen.storedHold === undefined ? [] : [heldSentence(seen.storedHold)]),
      ...(found.behind?.isBehind === true ? [behindSentence(found.behind)] : []),
    ],
    unknown,
    limits: [
      ...(observed === undefined ? [] : limitsOf(observed)),
      ...(found.limit === undefined ? [] : [found.limit]),
    ],
  };
}

function unknownIn(observed: ObservedFormation, { identity }: FoundFormation): string[] {
  const { release, kept, hold, drift, health, recordProblems } = observed;
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

function waitingIn({ release, kept, hold }: ObservedFormation, live: LiveRelease | undefined): string[] {
  const held = hold.state === 'held' ? hold.hold : undefined;
  return [
    ...(release === undefined && kept === 0 ? ['nothing has been released here'] : []),
    ...(live !== undefined && live.verdict === undefined
      ? [
          `release ${live.release} has no verdict: it is being deployed or verified, or its run ended before that`,
        ]
      : []),
    ...(held === undefined ? [] : [heldSentence(held)]),
  ];
}

function heldSentence({ by, reason, since, until }: Hold): string {
  return `on hold since ${since}${until === undefined ? '' : ` until ${until}`} by ${by}: ${reason}`;
}

function behindSentence(behind: NonNullable<BehindFound['behind']>): string {
  const { formation, deploymentTag, count: commits, isMore = false, pulls = [] } = behind;
  const what = deploymentTag === undefined ? 'another snapshot' : deploymentTag;
  if (commits === undefined) return `${formation} runs ${what}`;
  const number = `${isMore ? 'more than ' : ''}${count(commits, 'commit')}`;
  const requests = pulls.length === 0 ? '' : `, ${count(pulls.length, 'pull request')}`;
  return `${number} behind ${formation}, which runs ${what}${requests}`;
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

function healthOf({ health }: ObservedFormation): NonNullable<DestinationStatus['health']> {
  const objects = health.flatMap(({ object, state, message }) =>
    state === 'ready' ? [] : [{ object: plain(object), status: state, message }],
  );
  return { ready: health.length - objects.length, total: health.length, objects };
}

function driftOf({ found, compared }: Drift): NonNullable<DestinationStatus['drift']> {
  const objects = found.map(({ object, change, fields, by }): DriftedObject => {
    return { object: plain(object), change, fields: [...fields], by: [...by] };
  });
  return { compared, objects };
}

function plain({ apiVersion, kind, namespace, name }: ObjectReference): ObjectReference {
  return { apiVersion, kind, ...defined({ namespace }), name };
}
