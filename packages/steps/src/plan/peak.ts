import type { PlannedSteps } from '@slipway/core';
import { type KubernetesObject, objectAt, objectsAt, parseQuantity } from '@slipway/kubernetes';
import { podSpec } from '../workloads/pods-of.ts';

/** A workload at the time with the most pods. */
export interface AtPeak {
  readonly object: KubernetesObject;
  readonly now: number;
  readonly copy: number;
}

type Resource = 'cpu' | 'memory';

const NANOS = 1_000_000_000n;

/**
 * How many pods there are at most: stable keeps all of its own, also while it is rolled at the commit, beside the copy. What that rollout
 * adds (maxSurge) is in it.
 */
export function peakOf(workloads: readonly AtPeak[]): NonNullable<PlannedSteps['peak']> {
  const more = workloads.map(workload => ({ ...workload, more: workload.copy + surgeOf(workload) }));
  const now = workloads.reduce((sum, workload) => sum + workload.now, 0);
  const most = more.reduce((sum, one) => sum + one.more, now);
  const total = (resource: Resource): bigint =>
    more.reduce((sum, { object, more: pods }) => sum + requestOf(object, resource) * BigInt(pods), 0n);
  const [cpu, memory] = [total('cpu'), total('memory')];
  return {
    ...{ now, most },
    ...(cpu === 0n ? {} : { cpu: cores(cpu) }),
    ...(memory === 0n ? {} : { memory: mebibytes(memory) }),
  };
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge */
export function surgeOf({ object, now }: Pick<AtPeak, 'object' | 'now'>): number {
  const surge = objectAt(object, 'spec', 'strategy', 'rollingUpdate')?.['maxSurge'] ?? '25%';
  if (typeof surge === 'number') return surge;
  const [, percent = '0'] = /^(\d+)%$/.exec(String(surge)) ?? [];
  return Math.ceil((now * Number(percent)) / 100);
}

/** In billionths, over the containers of a pod; what only runs at its start is left out, and so is a text that is not a quantity. */
export function requestOf(object: KubernetesObject, resource: Resource): bigint {
  return objectsAt(podSpec(object), 'containers').reduce((sum, container) => {
    const request = objectAt(container, 'resources', 'requests')?.[resource];
    return sum + (request === undefined ? 0n : nanosOf(String(request)));
  }, 0n);
}

export function nanosOf(text: string): bigint {
  try {
    return parseQuantity(text).nanos;
  } catch {
    return 0n;
  }
}

export function cores(nanos: bigint): string {
  const milli = (nanos * 1000n + NANOS - 1n) / NANOS;
  return milli % 1000n === 0n ? `${milli / 1000n}` : `${milli}m`;
}

export function mebibytes(nanos: bigint): string {
  const unit = NANOS * 1024n * 1024n;
  return `${(nanos + unit - 1n) / unit}Mi`;
}
