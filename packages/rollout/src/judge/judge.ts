import type { ObjectVerdict } from '@slipway/core';
import type { RolloutVerdict, WatchedObject } from '../rollout.ts';
import type { Status, Trouble } from '../status/status.ts';
import { isSettled, type Memory, wasFailingBefore } from './memory.ts';
import type { Observation } from './observe.ts';

/** One object's status in the light of the time that has passed. */
export interface Outcome {
  readonly object: WatchedObject;
  readonly state: ObjectVerdict['status'];
  readonly message: string;
  /** What stands in its way; certain where the state is `failed`. */
  readonly trouble?: Trouble;
}

export interface Judgement {
  readonly outcomes: readonly Outcome[];
  /** Undefined while it is open. */
  readonly verdict?: RolloutVerdict;
  /** When, in milliseconds of the watcher's clock, the verdict could change although the cluster does not. */
  readonly nextCheck: number;
}

export interface Terms {
  readonly stableFor: number;
  readonly timeout: number;
  /** Whether all that was observed is how things are now. */
  readonly current: boolean;
  /** Whether a newer release is there. */
  readonly superseded: boolean;
}

/** The verdict at one moment; a pure function of what was seen, what is remembered, and the time. */
export function judge(
  observations: readonly Observation[],
  memory: Memory,
  terms: Terms,
  now: number,
): Judgement {
  const outcomes = observations.map(observation => outcomeOf(observation, memory, now));
  const verdict = verdictOf(observations, outcomes, memory, terms, now);
  return { outcomes, nextCheck: nextCheck(observations, memory, terms, now), ...(verdict && { verdict }) };
}

function verdictOf(
  observations: readonly Observation[],
  outcomes: readonly Outcome[],
  memory: Memory,
  terms: Terms,
  now: number,
): RolloutVerdict | undefined {
  const { stableFor, current, superseded } = terms;
  if (superseded) return 'superseded';
  if (outcomes.some(({ state }) => state === 'failed')) return 'failed';
  const settled = observations.every(isSettled);
  const stable = memory.stableSince !== undefined && now - memory.stableSince >= stableFor;
  if (settled && stable && current) return 'succeeded';
  return now >= deadline(memory, terms, settled && current) ? 'timed-out' : undefined;
}

/** A rollout that waits out its stability has until the end of that; one that is disturbed again and again has not for ever. */
function deadline(memory: Memory, { timeout, stableFor }: Terms, settled: boolean): number {
  return memory.lastProgress + timeout + (settled ? stableFor : 0);
}

function outcomeOf({ object, status }: Observation, memory: Memory, now: number): Outcome {
  const trouble = status.troubles.find(candidate => isCertain(candidate, memory, now));
  if (trouble !== undefined)
    return { object, trouble, message: trouble.message, state: blame(object, 'failed') };
  if (status.state === 'in-progress')
    return { object, message: status.message, state: blame(object, 'in-progress'), ...worst(status) };
  return { object, message: status.message, state: status.state };
}

function blame(object: WatchedObject, state: 'failed' | 'in-progress'): ObjectVerdict['status'] {
  return wasFailingBefore(object) ? 'already-failing' : state;
}

function worst({ troubles }: Status): { trouble?: Trouble } {
  const [first] = troubles.toSorted((a, b) => a.certainAfter - b.certainAfter || 0);
  return first === undefined ? {} : { trouble: first };
}

function isCertain({ key, certainAfter }: Trouble, memory: Memory, now: number): boolean {
  return now - (memory.sightings.get(key) ?? now) >= certainAfter;
}

function nextCheck(observations: readonly Observation[], memory: Memory, terms: Terms, now: number): number {
  const certain = observations.flatMap(({ status }) =>
    status.troubles.map(({ key, certainAfter }) => (memory.sightings.get(key) ?? now) + certainAfter),
  );
  const stable = memory.stableSince === undefined ? [] : [memory.stableSince + terms.stableFor];
  const deadlines = [deadline(memory, terms, false), deadline(memory, terms, true)];
  return Math.min(...[...certain, ...stable, ...deadlines].filter(time => time > now));
}
