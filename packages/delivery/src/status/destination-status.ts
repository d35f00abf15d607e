import {
  type DestinationStatus,
  type DriftedObject,
  defined,
  type LockSeen,
  type StatusState,
} from '@slipway/core';
import type { ObjectReference } from '@slipway/kubernetes';
import type { Drift, LockState, ObservedFormation } from '@slipway/release';
import type { BehindFound, SeenDestination } from './seen.ts';
import { type Sentences, sentencesOf } from './sentences.ts';

/** What a destination runs, what is wrong with it, and what is not known. */
export function destinationStatus(seen: SeenDestination, found: BehindFound, now: Date): DestinationStatus {
  const { target, observed, live, lastKnown } = seen;
  const { formation, destination = '', namespace } = target.identity;
  const sentences = sentencesOf(seen, found, now);
  const hold = observed?.hold.state === 'held' ? observed.hold.hold : lastKnown?.hold;
  return {
    ...{ formation, destination, namespace },
    ...defined({ environment: target.checkout?.destination.environment }),
    state: stateOf(sentences),
    ...sentences,
    ...defined({
      live,
      open: observed?.open,
      kept: observed?.kept,
      hold,
      lock: observed && lockOf(observed.lock),
      behind: found.behind,
    }),
    ...(observed?.release === undefined ? {} : { health: healthOf(observed) }),
    ...(observed?.drift === undefined ? {} : { drift: driftOf(observed.drift) }),
  };
}

function stateOf({ attention, waiting, unknown }: Sentences): StatusState {
  if (unknown.length > 0) return 'unknown';
  if (attention.length > 0) return 'attention';
  return waiting.length > 0 ? 'waiting' : 'fine';
}

function lockOf(lock: LockState): LockSeen | undefined {
  if (lock.state === 'free' || lock.holder === undefined) return undefined;
  const { by, since, renewed } = lock.holder;
  const isStale = lock.state === 'unknown' ? undefined : lock.state === 'stale';
  return { by, ...defined({ since, renewed, isStale }) };
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
