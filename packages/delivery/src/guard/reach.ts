import type { Problem } from '@slipway/core';
import { spawnedFindings } from '@slipway/policy';
import { findingProblem } from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import { spawnedOf } from '../formation/with-instance.ts';

/** What an instance would reach beyond its own hosts and pods, by the rules of policy-check: that step may have been left out. */
export function reachProblems(
  desired: Pick<DesiredState, 'identity' | 'checkout' | 'objects'>,
): readonly Problem[] {
  const instance = spawnedOf(desired);
  return instance === undefined ? [] : spawnedFindings(desired.objects, instance.block).map(findingProblem);
}
