import type { ObjectVerdict } from '@slipway/core';
import type { RolloutVerdict, WatchedObject } from '../rollout.ts';
import type { Status, Trouble } from '../status/status.ts';
import { deadlines, isDone, lateFor, stableAt, type Terms } from './deadlines.ts';
import { isExcused, isSettled, type Memory, patienceEnds } from './memory.ts';
import type { Observation } from './observe.ts';

/** One object's status, given the time that has passed. */
export interface Outcome {
  readonly object: WatchedObject;
  readonly state: ObjectVerdict['status'];
  readonly message: string;
  /** What keeps it from being ready; certain where the state is `failed`. */
  readonly trouble?: Trouble;
  /** Which of its times it has exceeded. */
  readonly late?: 'timeout' | 'deadline' | undefined;
  /** For a Job: whether it has completed. */
  readonly ran?: true;
}

export interface Judgement {
  readonly outcomes: readonly Outcome[];
  /** Undefined while it is open. */
  readonly verdict?: RolloutVerdict;
  /** Whether everything is ready now, stable or not. */
  readonly settled: boolean;
  /** When, in milliseconds of the watcher's clock, the verdict could change although the cluster does not. */
  readonly nextCheck: number;
}

/** The verdict at one moment; a pure function of what was seen, what is remembered, and the time. */
export function judge(
  observations: readonly Observation[],
  memory: Memory,
  terms: Terms,
  now: number,
): Judgement {
  const outcomes = observations.map(observation => outcomeOf(observation, memory, terms, now));
  const settled = observations.every(isSettled) && terms.current;
  const verdict = verdictOf(observations, outcomes, memory, terms, now);
  const next = nextCheck(observations, memory, terms, now);
  return { outcomes, settled, nextCheck: next, ...(verdict && { verdict }) };
}

function verdictOf(
  observations: readonly Observation[],
  outcomes: readonly Outcome[],
  memory: Memory,
  terms: Terms,
  now: number,
): RolloutVerdict | undefined {
  const { checks = 'passed', superseded } = terms;
  if (superseded) return 'superseded';
  if (terms.unfinished === true || checks === 'failed' || outcomes.some(({ state }) => state === 'failed'))
    return 'failed';
  if (isDone(observations, memory, terms, now) && checks === 'passed') return 'succeeded';
  return deadlines(observations, memory, terms, now).some(time => now >= time) ? 'timed-out' : undefined;
}

function outcomeOf({ object, status, own }: Observation, memory: Memory, terms: Terms, now: number): Outcome {
  const windows = { ...terms.windows, ...own?.windows };
  const trouble = status.troubles.find(found => now >= certainAt(found, windows, memory, now));
  if (trouble !== undefined)
    return { object, trouble, message: trouble.message, state: blame({ object, status }, 'failed') };
  if (status.state !== 'in-progress') {
    const { message, state, ran } = status;
    return { object, message, state, ...(ran && { ran }) };
  }
  const late = lateFor({ object, status, own }, memory, terms, now);
  const state = blame({ object, status }, 'in-progress');
  return { object, message: status.message, state, ...worst(status), ...(late && { late }) };
}

function blame(observation: Observation, state: 'failed' | 'in-progress'): ObjectVerdict['status'] {
  return isExcused(observation) ? 'already-failing' : state;
}

function worst({ troubles }: Status): { trouble?: Trouble } {
  const [first] = troubles.toSorted((a, b) => a.certainAfter - b.certainAfter || 0);
  return first === undefined ? {} : { trouble: first };
}

/** When a trouble that lasts becomes certain: after the window that was asked for, otherwise after the default of its kind. */
function certainAt(
  { key, certainAfter, window }: Trouble,
  windows: NonNullable<Terms['windows']>,
  memory: Memory,
  now: number,
): number {
  const patience = window === undefined ? undefined : windows[window];
  return (memory.sightings.get(key) ?? now) + (patience ?? certainAfter);
}

function nextCheck(observations: readonly Observation[], memory: Memory, terms: Terms, now: number): number {
  const certain = observations.flatMap(({ status, own }) => {
    const windows = { ...terms.windows, ...own?.windows };
    return status.troubles.map(trouble => certainAt(trouble, windows, memory, now));
  });
  const stable = observations.map(observation => stableAt(observation, memory, terms));
  const patience = observations.flatMap(observation => patienceEnds(memory, observation) ?? []);
  const times = [...certain, ...patience, ...stable, ...deadlines(observations, memory, terms, now)];
  return times.reduce((next, time) => (time > now && time < next ? time : next), Number.POSITIVE_INFINITY);
}
