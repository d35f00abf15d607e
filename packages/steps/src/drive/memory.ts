import type { Release, ReleaseSteps } from '@slipway/core';
import type { Decision, Health, Observed, Part } from '../machine/observed.ts';

/** How pods were, and of which pods that is said. */
export interface SeenPods {
  readonly of: string;
  readonly health: Health;
}

/** What the next look has to know of the ones before. */
export interface Memory {
  decision: Decision | undefined;
  attend: number;
  copy: SeenPods | undefined;
  stable: SeenPods | undefined;
  /** Whether this run has created it again. */
  isStableBack: boolean;
  crossed: string | undefined;
  lost: number;
  /** With the step that it is about, as a string. */
  judgement: { readonly of: string; readonly found: NonNullable<Observed['judgement']> } | undefined;
}

export const NOT_LOOKED_AT: Health = { state: 'progressing', message: 'it was not looked at yet' };

/**
 * Which pods a part of a release has. Another run may have moved the release on meanwhile, and what was seen of other pods says nothing
 * about these: copies are others once there are more of them, and what serves is once the commit is taken back.
 */
export function podsOf(part: 'copy' | 'stable', { phase, target }: ReleaseSteps): string {
  return part === 'copy' ? JSON.stringify(target.sizes) : String(phase === 'undoing');
}

/** How the pods are that the record speaks of; undefined if they were not looked at. */
export function healthOf(
  part: 'copy' | 'stable',
  memory: Pick<Memory, 'copy' | 'stable'>,
  steps: ReleaseSteps,
): Health | undefined {
  const seen = memory[part];
  return seen?.of === podsOf(part, steps) ? seen.health : undefined;
}

/** Copies that are to become larger are looked at once they are. */
export function noteMove(memory: Memory, to: ReleaseSteps): void {
  memory.lost = 0;
  const of = podsOf('copy', to);
  if (memory.copy !== undefined && memory.copy.of !== of) memory.copy = { of, health: NOT_LOOKED_AT };
}

/** Pods that were written are looked at again. */
export function noteReached(memory: Memory, part: Part, { steps }: Release): void {
  if (part === 'copies' && steps !== undefined)
    memory.copy = { of: podsOf('copy', steps), health: NOT_LOOKED_AT };
  if (part === 'last-half' || part === 'last-half-back' || part === 'stable') memory.stable = undefined;
  if (part === 'stable') memory.isStableBack = true;
}

/** What a judgement is about: a step, since it was reached, until it was due. */
export function momentOf({ steps }: Release): string {
  return [steps?.target.at, steps?.times.since, steps?.times.due].join(' ');
}
