import { isSettled, type Memory, observationKey } from './memory.ts';
import type { Windows } from './object-terms.ts';
import type { Observation } from './observe.ts';

/** The terms of all objects that do not ask for others. Times are milliseconds. */
export interface Terms {
  readonly stableFor: number;
  readonly timeout: number;
  /** The time for the whole rollout, whatever the progress. */
  readonly deadline?: number | undefined;
  readonly windows?: Windows | undefined;
  /** Whether everything that was observed is up to date. */
  readonly current: boolean;
  /** Whether a newer release has started. */
  readonly superseded: boolean;
  /** Whether the release was not written completely. */
  readonly unfinished?: boolean;
  /** The state of the checks; passed where there are none. */
  readonly checks?: 'running' | 'passed' | 'failed';
}

/** Whether everything is ready and has been so for long enough. */
export function isDone(
  observations: readonly Observation[],
  memory: Memory,
  terms: Terms,
  now: number,
): boolean {
  return (
    terms.current &&
    observations.every(observation => isSettled(observation) && now >= stableAt(observation, memory, terms))
  );
}

/** When an object will have been ready for long enough, if nothing disturbs it. */
export function stableAt(observation: Observation, memory: Memory, terms: Terms): number {
  const since = memory.stableSince.get(observationKey(observation)) ?? Number.POSITIVE_INFINITY;
  return observation.status.final ? since : since + (observation.own?.stableFor ?? terms.stableFor);
}

/** When time runs out, for the whole and for each object that is not ready; some may have passed. */
export function deadlines(
  observations: readonly Observation[],
  memory: Memory,
  terms: Terms,
  now: number,
): readonly number[] {
  const total = memory.started + (terms.deadline ?? Number.POSITIVE_INFINITY);
  const waiting = observations.filter(observation => !isSettled(observation));
  if (waiting.length > 0 || !terms.current)
    return [total, ...waiting.flatMap(one => ownDeadlines(one, memory, terms)), ...stale(memory, terms)];
  // The checks have their own times. Without checks, only a rollout that is disturbed again and again gets here late.
  const checking = isDone(observations, memory, terms, now) && terms.checks === 'running';
  return checking
    ? [total]
    : [total, memory.lastProgress + terms.timeout + longestStability(observations, terms)];
}

function ownDeadlines({ object, own }: Observation, memory: Memory, terms: Terms): readonly number[] {
  const mine = memory.best.get(observationKey({ object }))?.at ?? memory.started;
  return [
    // An object with its own timeout is measured by its own progress; the others wait for each other.
    own?.timeout === undefined ? memory.lastProgress + terms.timeout : mine + own.timeout,
    memory.started + (own?.deadline ?? Number.POSITIVE_INFINITY),
  ];
}

/** A cluster that can no longer be read does not make progress either. */
function stale(memory: Memory, { current, timeout }: Terms): readonly number[] {
  return current ? [] : [memory.lastProgress + timeout];
}

function longestStability(observations: readonly Observation[], { stableFor }: Terms): number {
  return observations.reduce((longest, { own }) => Math.max(longest, own?.stableFor ?? 0), stableFor);
}

/** Which of its times an object that is not ready has exceeded. */
export function lateFor(
  observation: Observation,
  memory: Memory,
  terms: Terms,
  now: number,
): 'timeout' | 'deadline' | undefined {
  if (isSettled(observation)) return undefined;
  const [timeout = Number.POSITIVE_INFINITY, own] = ownDeadlines(observation, memory, terms);
  if (now >= timeout) return 'timeout';
  const total = memory.started + (terms.deadline ?? Number.POSITIVE_INFINITY);
  return now >= Math.min(total, own ?? total) ? 'deadline' : undefined;
}
