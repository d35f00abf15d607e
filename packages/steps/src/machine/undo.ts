import { defined } from '@slipway/core';
import { narrowedFor, unserved } from './commit.ts';
import { changed, move, nameOf } from './moves.ts';
import type { Action, Look } from './observed.ts';
import { withoutPods } from './obstacles.ts';
import { stepAt } from './progress.ts';
import { homeTarget, isHome } from './target.ts';

/** What follows once it is to be undone: it is carried to its end, and only a `reject` says nothing else. */
export function undoOn(look: Look): Action {
  const { steps, run } = look;
  const { decision } = run;
  if (decision !== undefined && decision.what !== 'reject')
    return {
      do: 'refuse',
      why: `${nameOf(decision)} is not possible: it is being undone, as ${steps.undo?.why ?? 'was decided'}`,
      remedy: 'run verify-rollout without a decision to carry that to its end, and deploy again',
    };
  return typeof steps.times['commit-began'] === 'string' ? rollBack(look) : goHome(look);
}

/** Before the commit stable was never written: users go there, the copies go, and what the first half changed is as it was. */
function goHome(look: Look): Action {
  const { seen } = look;
  // No one can go home to what is not there: it is created again before the copy is touched.
  if (seen.isStableGone) return { do: 'reach', part: 'stable', force: false };
  const away = toStable(look);
  if (away !== undefined) return away;
  if (seen.held !== 'as-stable') return { do: 'reach', part: 'held', force: false };
  if (!seen.isFirstHalfTakenBack) return { do: 'reach', part: 'first-half-back', force: false };
  return compared(look) ?? { do: 'done', verdict: look.steps.undo?.verdict ?? 'rolled-back' };
}

/** What someone else has changed of stable stays, and the verdict does not say that users have what they had. */
function compared(look: Look): Action | undefined {
  const { undo } = look.steps;
  const { differs } = look.seen;
  if (undo === undefined || undo.differs === differs) return undefined;
  const { differs: _before, ...reason } = undo;
  const says = differs === undefined ? 'Stable is as it was' : `Stable is not as it was: ${differs}`;
  return move(look, { undo: { ...reason, ...defined({ differs }) } }, says);
}

/** From the commit on, users stay where they are until what stable had is ready again. */
function rollBack(look: Look): Action {
  const { steps, seen } = look;
  if (seen.lastHalf !== 'taken-back') return { do: 'reach', part: 'last-half-back', force: false };
  if (isHome(steps.target)) return goHome(look);
  if (seen.stable.state === 'failed') return { do: 'done', verdict: 'rollback-failed' };
  if (seen.stable.state === 'progressing') return sendBack(look) ?? { do: 'watch' };
  if (!seen.stableServes) return sendBack(look) ?? unserved(look);
  return move(look, { target: homeTarget(steps) }, 'Stable is as it was, and users go there');
}

/** Users who were sent to a stable that has no Ready pod get the copy, as long as that one is ready. */
function sendBack(look: Look): Action | undefined {
  const { steps, seen } = look;
  const hasCopy = Object.values(steps.target.sizes).some(size => size > 0);
  if (seen.stableServes || !hasCopy || seen.copy.state !== 'ready') return undefined;
  if (steps.target.selector === 'stable')
    return move(
      look,
      { target: { ...withCopy(look), selector: 'both' } },
      'Stable has no Ready pod, and the copy serves',
    );
  return seen.selector === steps.target.selector ? undefined : { do: 'reach', part: 'traffic', force: false };
}

/** While users stay with the copy, the record says so: whoever reads a share of 0 takes the copy away. */
function withCopy({ steps, seen }: Look): Look['steps']['target'] {
  const asked = seen.selector === 'next' ? 100 : stepAt(steps).weight;
  // Where stable has no Ready pod, all connections reach the copy.
  return { ...steps.target, asked, real: 100 };
}

/** Nothing takes users away from the only Ready pods; where they are with stable already, the copy can go. */
function toStable(look: Look): Action | undefined {
  const { steps, seen } = look;
  const isThere = seen.held !== 'narrowed' || seen.selector === 'stable';
  if (!seen.stableServes && seen.isStableBack === true && seen.stable.state === 'progressing')
    return { do: 'watch' };
  if (!seen.stableServes && !isThere) {
    const says = `${withoutPods(look)}, so that users stay with the copy`;
    if (steps['waiting-for'] === 'stable') return { do: 'wait', for: 'stable', says };
    return move(look, { 'waiting-for': 'stable', target: withCopy(look) }, `The undo waits: ${says}`);
  }
  const isAway = isThere && seen.areCopiesSized;
  if (isAway && seen.held === 'narrowed' && seen.stranger !== undefined) return narrowedFor(look);
  if (steps['waiting-for'] !== undefined && (isAway || seen.stranger === undefined))
    return {
      do: 'move',
      to: changed(steps, { 'waiting-for': undefined, target: { ...steps.target, asked: 0, real: 0 } }),
      says: 'The undo goes on',
      decides: false,
    };
  return isAway ? undefined : { do: 'reach', part: 'home', force: true };
}
