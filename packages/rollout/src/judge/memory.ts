import { objectKey } from '@slipway/core';
import type { PodHealth } from '../status/status.ts';
import type { Observation } from './observe.ts';

/**
 * What has to be remembered between two looks at a cluster, and nothing else. Times are milliseconds of the watcher's own clock:
 * the cluster's may differ.
 */
export interface Memory {
  /** When each trouble that is there now was first seen. */
  readonly sightings: ReadonlyMap<string, number>;
  /** The most progress that each object ever made. */
  readonly best: ReadonlyMap<string, number>;
  readonly lastProgress: number;
  /** Since when nothing has disturbed the peace; undefined until everything was settled once. */
  readonly stableSince: number | undefined;
  readonly pods: ReadonlyMap<string, PodHealth>;
}

export function emptyMemory(now: number): Memory {
  return {
    sightings: new Map(),
    best: new Map(),
    lastProgress: now,
    stableSince: undefined,
    pods: new Map(),
  };
}

/** The memory after one more look. */
export function remember(memory: Memory, observations: readonly Observation[], now: number): Memory {
  const best = bestProgress(memory, observations);
  return {
    sightings: sightings(memory, observations, now),
    best,
    lastProgress: hasGrown(best, memory.best) ? now : memory.lastProgress,
    stableSince: stableSince(memory, observations, now),
    pods: new Map(observations.flatMap(({ status }) => status.pods).map(pod => [pod.uid, pod])),
  };
}

function sightings(memory: Memory, observations: readonly Observation[], now: number): Map<string, number> {
  const keys = observations.flatMap(({ status }) => status.troubles.map(({ key }) => key));
  return new Map(keys.map(key => [key, memory.sightings.get(key) ?? now]));
}

/** Being settled is worth more than any number of replicas, so that it counts as progress too. */
const SETTLED = 1_000_000;

function bestProgress(memory: Memory, observations: readonly Observation[]): Map<string, number> {
  return new Map(
    observations.map(({ object, status }) => {
      const key = `${objectKey(object)}#${object.uid ?? ''}`;
      const progress = status.progress + (status.state === 'in-progress' ? 0 : SETTLED);
      return [key, Math.max(progress, memory.best.get(key) ?? Number.NEGATIVE_INFINITY)];
    }),
  );
}

/** Only new maxima count: a pod that becomes ready between two crashes is no progress. */
function hasGrown(best: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): boolean {
  return [...best].some(([key, progress]) => progress > (before.get(key) ?? Number.POSITIVE_INFINITY));
}

function stableSince(memory: Memory, observations: readonly Observation[], now: number): number | undefined {
  const pods = observations.flatMap(({ status }) => status.pods);
  if (pods.some(pod => isDisturbed(pod, memory.pods.get(pod.uid)))) return now;
  if (memory.stableSince === undefined) return observations.every(isSettled) ? now : undefined;
  return observations.every(observation => isSettled(observation) || isScaling(observation))
    ? memory.stableSince
    : undefined;
}

/** A container restarted, or a pod lost its readiness, since the last look. */
function isDisturbed(pod: PodHealth, before: PodHealth | undefined): boolean {
  return before !== undefined && (pod.restarts > before.restarts || (before.ready && !pod.ready));
}

export function isSettled({ object, status }: Observation): boolean {
  return status.state !== 'in-progress' || wasFailingBefore(object);
}

/** Pods that an autoscaler adds after everything was settled: they must become ready, but they start no new wait. */
function isScaling({ status }: Observation): boolean {
  return status.pods.length > 0;
}

/** What the release did not write and was unhealthy before is not its fault. */
export function wasFailingBefore({ uid, written, healthyBefore }: Observation['object']): boolean {
  return uid !== undefined && written === false && healthyBefore === false;
}
