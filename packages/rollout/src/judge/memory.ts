import { objectKey } from '@slipway/kubernetes';
import { CRASH } from '../status/container-crash.ts';
import { type PodHealth, unknown } from '../status/status.ts';
import type { Observation } from './observe.ts';

/**
 * All that has to be remembered between two looks at a cluster. Times are milliseconds of the watcher's own clock, as the cluster's
 * may differ.
 */
export interface Memory {
  /** When watching began. */
  readonly started: number;
  /** When each current trouble was first seen; a crash is remembered while the container runs again. */
  readonly sightings: ReadonlyMap<string, number>;
  /** The most progress that each object ever made, and when it did. */
  readonly best: ReadonlyMap<string, { readonly progress: number; readonly at: number }>;
  /** The newest of those times. */
  readonly lastProgress: number;
  /** Since when each object has been settled without disturbance; absent until it was settled once. */
  readonly stableSince: ReadonlyMap<string, number>;
  readonly pods: ReadonlyMap<string, PodHealth & { readonly wasReady: boolean }>;
  /** Since when each object that will count as unknown has been waited for; kept after that, so that it counts for good. */
  readonly patientSince: ReadonlyMap<string, number>;
}

export function emptyMemory(now: number): Memory {
  return {
    started: now,
    sightings: new Map(),
    best: new Map(),
    lastProgress: now,
    stableSince: new Map(),
    pods: new Map(),
    patientSince: new Map(),
  };
}

/** The memory after one more look. */
export function remember(memory: Memory, observations: readonly Observation[], now: number): Memory {
  const best = bestProgress(memory, observations, now);
  return {
    started: memory.started,
    sightings: sightings(memory, observations, now),
    best,
    lastProgress: Math.max(memory.started, ...[...best.values()].map(({ at }) => at)),
    stableSince: new Map(observations.flatMap(observation => stability(memory, observation, now))),
    pods: pods(memory, observations),
    patientSince: memory.patientSince,
  };
}

/**
 * What was seen, except that nothing is waited for longer than is worth while: an object without a status counts as unknown once
 * it has been without one for long enough. Call it before `remember`, with the memory that it gives back.
 */
export function withLimitedPatience(
  memory: Memory,
  observations: readonly Observation[],
  now: number,
): { readonly memory: Memory; readonly observations: readonly Observation[] } {
  const patientSince = new Map(
    observations
      .filter(({ status }) => status.unknownAfter !== undefined)
      .map(one => [observationKey(one), memory.patientSince.get(observationKey(one)) ?? now] as const),
  );
  const settled = observations.map(one => {
    const { unknownAfter } = one.status;
    const since = patientSince.get(observationKey(one)) ?? now;
    return unknownAfter === undefined || now - since < unknownAfter
      ? one
      : { ...one, status: unknown(one.status.message.replace(/ yet$/, '')) };
  });
  return { memory: { ...memory, patientSince }, observations: settled };
}

/** When the patience with an object ends; undefined where it is not limited. */
export function patienceEnds(memory: Memory, observation: Observation): number | undefined {
  const { unknownAfter } = observation.status;
  const since = memory.patientSince.get(observationKey(observation));
  return unknownAfter === undefined || since === undefined ? undefined : since + unknownAfter;
}

/** One object among all that are watched. */
export function observationKey({ object }: Pick<Observation, 'object'>): string {
  return `${objectKey(object)}#${object.uid ?? ''}`;
}

function sightings(memory: Memory, observations: readonly Observation[], now: number): Map<string, number> {
  const keys = observations.flatMap(({ status }) => status.troubles.map(({ key }) => key));
  const lasting = [...memory.sightings].filter(([key]) => key.endsWith(CRASH));
  return new Map([...lasting, ...keys.map(key => [key, memory.sightings.get(key) ?? now] as const)]);
}

/** Being settled is worth more than any number of replicas, so it counts as progress too. */
const SETTLED = 1_000_000;

/** Only a new maximum counts: a pod that becomes ready between two crashes is not progress, and neither is the first look. */
function bestProgress(memory: Memory, observations: readonly Observation[], now: number): Memory['best'] {
  return new Map(
    observations.map(observation => {
      const { status } = observation;
      const progress = status.progress + (status.state === 'in-progress' ? 0 : SETTLED);
      const before = memory.best.get(observationKey(observation));
      if (before === undefined) return [observationKey(observation), { progress, at: memory.started }];
      return [observationKey(observation), progress > before.progress ? { progress, at: now } : before];
    }),
  );
}

function stability(
  memory: Memory,
  observation: Observation,
  now: number,
): readonly (readonly [string, number])[] {
  const key = observationKey(observation);
  const since = memory.stableSince.get(key);
  if (observation.status.pods.some(pod => isDisturbed(pod, memory.pods.get(pod.uid)))) return [[key, now]];
  if (isSettled(observation)) return [[key, since ?? now]];
  return since !== undefined && isScaling(observation) ? [[key, since]] : [];
}

function pods(memory: Memory, observations: readonly Observation[]): Memory['pods'] {
  const all = observations.flatMap(({ status }) => status.pods);
  return new Map(
    all.map(pod => {
      const wasReady = pod.ready || (memory.pods.get(pod.uid)?.wasReady ?? false);
      return [pod.uid, { ...pod, wasReady }];
    }),
  );
}

/** Whether a container restarted since the last look, or a pod became unready, or ready again. */
function isDisturbed(
  pod: PodHealth,
  before: (PodHealth & { readonly wasReady: boolean }) | undefined,
): boolean {
  if (before === undefined) return false;
  if (pod.restarts > before.restarts) return true;
  // It does not become ready again; the pod in its place must.
  if (pod.ended === true) return before.ready;
  return before.wasReady && !(pod.ready && before.ready);
}

export function isSettled(observation: Observation): boolean {
  return observation.status.state !== 'in-progress' || isExcused(observation);
}

/** Pods that an autoscaler adds after everything was settled must become ready, but they do not start a new wait. */
function isScaling({ status }: Observation): boolean {
  return status.pods.length > 0;
}

/**
 * Whether an object was unhealthy before and was not written by the release: then its state is not the release's fault. That it is gone,
 * or is not the one that was released any more, is another matter.
 */
export function isExcused({ object, status }: Observation): boolean {
  const { uid, written, toWrite, healthyBefore } = object;
  const isStill = !status.troubles.some(({ reason }) => OF_ANOTHER_OBJECT.has(reason));
  return isStill && uid !== undefined && written === false && toWrite !== true && healthyBefore === false;
}

/** What is said of an object that does not exist any more, soon will not, or was replaced. */
const OF_ANOTHER_OBJECT: ReadonlySet<string> = new Set([
  'Deleted',
  'Replaced',
  'Overwritten',
  'NotApplied',
  'Terminating',
]);
