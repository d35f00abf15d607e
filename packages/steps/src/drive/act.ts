import type { Release } from '@slipway/core';
import type { Action } from '../machine/observed.ts';
import type { Driven } from './driven.ts';
import type { LockedGround, StepsGround, WatchTerms } from './ground.ts';
import { type Memory, noteMove, noteReached } from './memory.ts';

/** An act that has to be done without the lock, or the end. */
export type Outside =
  | { readonly do: 'watch'; readonly release: Release; readonly terms: WatchTerms; readonly isBake: boolean }
  | { readonly do: 'judge'; readonly release: Release }
  | { readonly do: 'end'; readonly driven: Driven };

/** Milliseconds of a bake that are watched before the record is read again. */
const SLICE = 30_000;

/** What is to be done, and with what it was found. */
export interface Act {
  readonly release: Release;
  readonly action: Action;
  readonly memory: Memory;
  readonly now: Date;
}

/** Does what needs the lock. @returns what has to be done without it */
export async function act(
  locked: LockedGround,
  ground: StepsGround,
  { release, action, memory, now }: Act,
): Promise<Outside | undefined> {
  switch (action.do) {
    case 'reach':
      await locked.reach(release, action.part, action.force);
      noteReached(memory, action.part, release);
      return undefined;
    case 'move':
      ground.say(action.says);
      await locked.change(release, action.to);
      // What the look has undone is carried to its end, whatever was to be decided.
      if (action.decides || action.to.phase === 'undoing') memory.decision = undefined;
      noteMove(memory, action.to);
      ground.note({ ...release, steps: action.to });
      return undefined;
    case 'watch':
      return { do: 'watch', release, ...watchTerms(release, action.until, now) };
    case 'judge':
      return { do: 'judge', release };
    case 'wait':
      return {
        do: 'end',
        driven: { ended: 'open', release, waitingFor: action.for, says: action.says, now },
      };
    case 'refuse': {
      const { why, remedy } = action;
      return { do: 'end', driven: { ended: 'refused', release, why, remedy } };
    }
    case 'done':
      return closedBy(await locked.close(release, action.verdict), false);
  }
}

/** The end of a run by which, or before which, a release was closed. */
export function closedBy(release: Release, before: boolean): Outside {
  return { do: 'end', driven: { ended: 'closed', release, verdict: release.verdict, before } };
}

function watchTerms(
  { steps }: Release,
  until: Date | undefined,
  now: Date,
): Pick<Extract<Outside, { do: 'watch' }>, 'terms' | 'isBake'> {
  const isLate = steps?.phase === 'committing' || steps?.phase === 'undoing';
  if (isLate) return { terms: { what: 'stable' }, isBake: false };
  if (until === undefined || steps?.times.due === undefined)
    return { terms: { what: 'copy' }, isBake: false };
  const left = Math.max(0, until.getTime() - now.getTime());
  return { terms: { what: 'copy', stableFor: Math.min(SLICE, left) }, isBake: true };
}
