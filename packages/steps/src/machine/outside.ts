import type { ReleaseSteps } from '@slipway/core';
import { RESERVED_PAUSES } from '@slipway/core';
import { changed, nameOf, undoing } from './moves.ts';
import type { Decision } from './observed.ts';
import { inconclusivePause } from './progress.ts';

/** What a newer deploy does first. */
export type Before =
  /** It is the same release: nothing is written, and verify-rollout goes on with it. */
  | { readonly do: 'same' }
  | { readonly do: 'refuse'; readonly why: string; readonly remedy: string }
  /** Undoes it to its end, and prepares again. */
  | { readonly do: 'undo'; readonly to: ReleaseSteps }
  /** Carries the commit, or the undo, to its end. */
  | { readonly do: 'finish' };

export interface Newer {
  /** Whether manifests and seals are those of the open release. */
  readonly isSame: boolean;
  /** Whether it goes without steps, with `strategy: none` and a reason. */
  readonly isWithoutSteps: boolean;
  /** How many releases in a row were superseded without a commit. */
  readonly superseded: number;
  readonly release: number;
}

/** Releases in a row that were superseded before their commit; after as many the next one has to be asked for. */
export const MOST_SUPERSEDED = 3;

/** A run that was killed before its first half was whole has brought nothing that a later look could go on with. */
export const CUT_OFF: NonNullable<ReleaseSteps['undo']> = {
  verdict: 'rolled-back',
  by: 'health',
  why: 'deploy ended before the first half was whole',
};

/** What a newer deploy does about an open release in steps. */
export function beforeNewer(steps: ReleaseSteps, newer: Newer): Before {
  // What is to reach all users at once is not the same as what waits for a decision, although its manifests are.
  const isSame = newer.isSame && !newer.isWithoutSteps && steps.phase !== 'undoing';
  if (isSame && steps.times.brought === undefined)
    return { do: 'undo', to: changed(steps, undoing(steps, CUT_OFF)) };
  if (isSame) return { do: 'same' };
  if (steps.phase === 'committing' || steps.phase === 'undoing') return { do: 'finish' };
  if (!newer.isWithoutSteps) {
    const why = refusal(steps, newer);
    if (why !== undefined) return { do: 'refuse', ...why };
  }
  const reason = { verdict: 'superseded', by: 'newer', why: 'a newer deployment has begun' } as const;
  return { do: 'undo', to: changed(steps, undoing(steps, reason)) };
}

function refusal(
  steps: ReleaseSteps,
  { superseded, release }: Newer,
): { readonly why: string; readonly remedy: string } | undefined {
  const awaited = steps['waiting-for'];
  const ways = `decide "reject" or "promote" with verify-rollout and "release: ${release}", or deploy with "strategy: none" and a reason`;
  if (steps.phase === 'waiting' && awaited !== undefined && isPause(steps, awaited))
    return { why: `release ${release} waits for ${awaited}`, remedy: ways };
  if (steps.settings?.['while-open'] === 'refuse')
    return { why: `release ${release} is open, and its strategy has while-open: refuse`, remedy: ways };
  if (superseded >= MOST_SUPERSEDED)
    return { why: `${superseded} releases in a row were superseded before their commit`, remedy: ways };
  return undefined;
}

function isPause({ target }: ReleaseSteps, awaited: string): boolean {
  const isReserved = (RESERVED_PAUSES as readonly string[]).includes(awaited);
  return !isReserved && awaited !== inconclusivePause(target.at);
}

/**
 * The record of a release whose run was cancelled: before the commit that is a reject; what is committed or undone already goes on with
 * the next look. @returns undefined where nothing changes
 */
export function whenCancelled(steps: ReleaseSteps, decision: Decision, now: Date): ReleaseSteps | undefined {
  if (steps.phase !== 'starting' && steps.phase !== 'baking') return undefined;
  const decided = { at: now.toISOString(), what: nameOf(decision), ...decision.as };
  const why = `the run of ${decision.as.actor} was cancelled`;
  return changed(steps, {
    ...undoing(steps, { verdict: 'rolled-back', by: 'decision', why }),
    decisions: [...(steps.decisions ?? []), decided],
  });
}
