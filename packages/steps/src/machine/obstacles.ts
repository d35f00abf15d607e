import { type Changes, move, nameOf, undo, withoutStepTimes } from './moves.ts';
import type { Action, ForeignEdit, Look } from './observed.ts';
import { CUT_OFF } from './outside.ts';
import { isSettled, stepAt } from './progress.ts';

/** What ends or stops a release that is not committed yet, in this order. */
export function cross(look: Look): Action | undefined {
  return (
    rejected(look) ??
    expired(look) ??
    halfBrought(look) ??
    withoutStable(look) ??
    failing(look) ??
    edited(look) ??
    resumed(look)
  );
}

function rejected(look: Look): Action | undefined {
  const { decision } = look.run;
  if (decision?.what !== 'reject') return undefined;
  const { actor, reason } = decision.as;
  const why = reason === undefined ? `${actor} rejected it` : `${actor} rejected it (${reason})`;
  return undo(look, 'decision', why, decision);
}

/** Where all users are with the copy, an end that no one asked for would move all of them: it only fails. */
function expired(look: Look): Action | undefined {
  const { steps, run, now } = look;
  if (now < new Date(steps.times.expires)) return undefined;
  if (steps.target.selector !== 'next')
    return undo(look, 'expires', `it was open until ${steps.times.expires}`);
  if (run.decision !== undefined) return undefined;
  const says = `it was to be decided until ${steps.times.expires}, and has all users, so that it is not undone by itself`;
  return { do: 'wait', for: steps['waiting-for'] ?? 'time', says };
}

function halfBrought(look: Look): Action | undefined {
  if (look.steps.times.brought !== undefined) return undefined;
  return undo(look, 'health', CUT_OFF.why);
}

function withoutStable(look: Look): Action | undefined {
  if (look.seen.stableServes) return undefined;
  return stopped(look, 'stable', withoutPods(look));
}

function failing(look: Look): Action | undefined {
  const { steps, seen } = look;
  if (seen.crossed !== undefined) return undo(look, 'judgement', seen.crossed);
  const isThere = Object.values(steps.target.sizes).some(size => size > 0);
  return isThere && seen.copy.state === 'failed' ? undo(look, 'health', seen.copy.message) : undefined;
}

function edited(look: Look): Action | undefined {
  const { steps, seen, run } = look;
  const { foreign } = seen;
  if (foreign === undefined || (steps.force === true && foreign.canBeTakenBack)) return undefined;
  const isDecided = run.decision?.what === 'continue' && run.decision.name === 'foreign-edit';
  if (isDecided && foreign.canBeTakenBack)
    return move(
      look,
      { ...resume(look), force: true },
      `It is taken back by force: ${foreign.what}`,
      run.decision,
    );
  return stopped(look, 'foreign-edit', foreign.what, waysOut(foreign));
}

function waysOut({ canBeTakenBack }: ForeignEdit): string {
  return canBeTakenBack
    ? 'take the edit back, decide "continue foreign-edit" to take it back by force, or "reject"'
    : 'take the edit back, or decide "reject"';
}

/** What a person can look for, in a sentence. */
export function withoutPods({ seen }: Pick<Look, 'seen'>): string {
  if (seen.unselected !== undefined) return seen.unselected;
  const isEmpty = Object.values(seen.stableSizes).some(size => size === 0);
  return isEmpty
    ? 'stable has no Ready pod, as someone scaled it to 0 or removed it'
    : 'stable has no Ready pod';
}

/** Nothing moves: the record says what stops it, also at a pause, and a decision is not possible. */
function stopped(look: Look, by: 'stable' | 'foreign-edit', what: string, remedy?: string): Action {
  const { steps, run } = look;
  if (run.decision !== undefined)
    return {
      do: 'refuse',
      why: `${nameOf(run.decision)} is not possible now: ${what}`,
      remedy: remedy ?? 'wait until stable has a Ready pod, or decide "reject"',
    };
  if (steps['waiting-for'] === by) return { do: 'wait', for: by, says: what };
  return move(look, { phase: 'waiting', 'waiting-for': by }, `It waits: ${what}`);
}

/** Goes on where it was, once what stopped it has passed. */
function resumed(look: Look): Action | undefined {
  const { steps, run } = look;
  const awaited = steps['waiting-for'];
  if (awaited !== 'stable' && awaited !== 'foreign-edit') return undefined;
  const isAsked = run.decision?.what === 'continue' && run.decision.name === awaited;
  return move(look, resume(look), 'What it waited for has passed', isAsked ? run.decision : undefined);
}

/** At a step that has been judged it waits for its pause again; another one begins again, since what it saw meanwhile is not told apart. */
function resume({ steps }: Look): Changes {
  const { pause } = stepAt(steps);
  if (isSettled(steps) && pause !== undefined) return { phase: 'waiting', 'waiting-for': pause };
  return {
    phase: steps.target.at === 0 ? 'starting' : 'baking',
    'waiting-for': undefined,
    times: withoutStepTimes(steps),
  };
}
