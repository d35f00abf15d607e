import { defined, type ReleaseSteps } from '@slipway/core';
import type { Action, Decision, Look, StepDecision } from './observed.ts';
import { targetOf } from './target.ts';

/** A change of the record. What is undefined is removed from it. */
export type Changes = { readonly [Field in keyof ReleaseSteps]?: ReleaseSteps[Field] | undefined };

export function changed(steps: ReleaseSteps, changes: Changes): ReleaseSteps {
  return defined({ ...steps, ...changes }) as ReleaseSteps;
}

export function move(look: Look, changes: Changes, says: string, decision?: Decision): Action {
  const { steps, now } = look;
  const decided = decision === undefined ? {} : { decisions: withDecision(steps, decision, now) };
  const to = changed(steps, { ...changes, ...decided });
  return { do: 'move', to, says, decides: decision !== undefined };
}

/** How a decision is written: `continue commit`. */
export function nameOf({ what, name }: Pick<Decision, 'what' | 'name'>): string {
  return name === undefined ? what : `${what} ${name}`;
}

function withDecision({ decisions = [] }: ReleaseSteps, decision: Decision, now: Date): StepDecision[] {
  return [...decisions, { at: now.toISOString(), what: nameOf(decision), ...decision.as }];
}

/** @returns the times without those of a step, which begin with each target */
export function withoutStepTimes({ times }: Pick<ReleaseSteps, 'times'>): ReleaseSteps['times'] {
  const { since: _since, due: _due, ...others } = times;
  return others;
}

/** What is undone goes home, before the commit: users to stable, and no copy. */
export function undo(
  look: Look,
  by: NonNullable<ReleaseSteps['undo']>['by'],
  why: string,
  decision?: Decision,
): Action {
  const verdict = by === 'newer' ? 'superseded' : 'rolled-back';
  return move(look, undoing(look.steps, { verdict, by, why }), `It is undone: ${why}`, decision);
}

export function undoing(steps: ReleaseSteps, reason: NonNullable<ReleaseSteps['undo']>): Changes {
  const isBegun = typeof steps.times['commit-began'] === 'string';
  const sizes = Object.fromEntries(Object.keys(steps.target.sizes).map(name => [name, 0]));
  const home = { ...steps.target, selector: 'stable' as const, asked: 0, real: 0, sizes };
  return {
    phase: 'undoing',
    'waiting-for': undefined,
    force: undefined,
    // From the commit on, users stay where they are until stable is ready again.
    target: isBegun ? steps.target : home,
    undo: reason,
  };
}

/** The step that follows, or the commit. */
export function onward(look: Look, says: string, decision?: Decision): Action {
  const { steps, seen } = look;
  const at = steps.target.at + 1;
  if (at >= steps.list.length) return toCommit(look, says, decision);
  const target = targetOf(steps, at, seen.stableSizes, steps.target.sizes);
  const changes = {
    phase: 'baking' as const,
    'waiting-for': undefined,
    target,
    times: withoutStepTimes(steps),
  };
  return move(look, changes, `${says}; step ${at} follows, with ${target.real} %`, decision);
}

export function toCommit(look: Look, says: string, decision?: Decision): Action {
  const changes = { phase: 'committing' as const, 'waiting-for': undefined };
  return move(look, changes, `${says}; it is committed`, decision);
}
