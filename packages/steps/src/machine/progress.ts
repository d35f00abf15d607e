import type { ReleaseSteps, StrategyStep } from '@slipway/core';

/** What the release waits for where a judgement has said nothing. */
export function inconclusivePause(at: number): string {
  return `step-${at}`;
}

export function stepAt({ list, target }: Pick<ReleaseSteps, 'list' | 'target'>): StrategyStep {
  return list[target.at] ?? { weight: 0 };
}

/** Whether the step has been judged well, or was let pass. */
export function isSettled({ results = [], decisions = [], target }: ReleaseSteps, at = target.at): boolean {
  if (at < target.at) return true;
  const passed = results.some(result => result.at === at && result.verdict === 'passed');
  return passed || decisions.some(({ what }) => what === `continue ${inconclusivePause(at)}`);
}

/** Whether it may stay as it is while no run looks: few users are with it, or the step says that it may. */
export function mayWait({ list, target }: ReleaseSteps): boolean {
  const { unwatched } = stepAt({ list, target });
  return target.real <= 10 || unwatched === true;
}

/** Whether a pause was passed, by its name. */
export function isPassed(steps: ReleaseSteps, pause: string): boolean {
  const index = steps.list.findIndex(step => step.pause === pause);
  if (index < 0 || index > steps.target.at) return false;
  if (index < steps.target.at) return true;
  return steps.phase === 'committing' || steps['waiting-for'] === 'commit-refused';
}

/** The pauses that are still ahead, that of the present step included. */
export function pausesAhead({ list, target }: ReleaseSteps): readonly string[] {
  return list.slice(target.at).flatMap(({ pause }) => pause ?? []);
}

/** The pause that it waits for again once what stops it there has passed; undefined where nothing does. */
export function pauseBehind(steps: ReleaseSteps): string | undefined {
  const isStopped = steps['waiting-for'] === 'stable' || steps['waiting-for'] === 'foreign-edit';
  return steps.phase === 'waiting' && isStopped && isSettled(steps) ? stepAt(steps).pause : undefined;
}
