import { parseDuration, type StepStrategy } from '@slipway/core';

/** How long a run of verify-rollout stays for bakes, all together, where the strategy says nothing. */
export const ATTEND = 20 * 60_000;

/**
 * Milliseconds for which one run watches bakes at most: those from one pause to the next, as long as they fit into `attend`. One that
 * does not is not watched, and the run after it begins again.
 */
export function longestWatch({ steps, attend }: Pick<StepStrategy, 'steps' | 'attend'>): number {
  const most = parseDuration(attend ?? '') ?? ATTEND;
  let [longest, watched] = [0, 0];
  for (const { bake = '', pause } of steps) {
    const stays = parseDuration(bake) ?? 0;
    watched = watched + stays <= most ? watched + stays : 0;
    longest = Math.max(longest, watched);
    if (pause !== undefined) watched = 0;
  }
  return longest;
}
