import type { StrategyStep } from '@slipway/core';

/**
 * How many pods the copy has: at weights up to 50 as many as give it its share beside `stable` pods, at 100 as many as stable, as it
 * serves alone then, and at 0 what `next` asks for, so that the next step begins with Ready pods.
 * @param weight percent of new connections
 * @param stable how many pods stable has
 * @param next the step that follows; without one a copy at weight 0 has a single pod
 */
export function copySize(weight: number, stable: number, next?: Pick<StrategyStep, 'weight'>): number {
  if (weight === 0) return next === undefined || next.weight === 0 ? 1 : copySize(next.weight, stable);
  if (weight === 100) return Math.max(1, stable);
  return Math.max(1, Math.round((weight * stable) / (100 - weight)));
}

/** The percentage of new connections that `copy` of all pods get, where a Service selects both: each pod gets the same. */
export function realShare(copy: number, stable: number): number {
  return copy + stable === 0 ? 0 : (100 * copy) / (copy + stable);
}
