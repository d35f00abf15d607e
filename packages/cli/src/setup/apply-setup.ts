import { formatProblem, type Setup, SlipwayError } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import type { Step } from './step.ts';

type AppliedStep = Setup['steps'][number];

/**
 * Does one step after the other, until one fails: what follows it needs it. Each can be done again.
 * @param onStep is called with each step as it ends
 */
export async function applySteps(
  steps: readonly Step[],
  { signal }: Machine,
  onStep: (step: AppliedStep) => void,
): Promise<AppliedStep[]> {
  const applied: AppliedStep[] = [];
  let hasFailed = false;
  for (const step of steps) {
    const result: AppliedStep = hasFailed || signal.aborted ? notDone(step) : await applyStep(step);
    hasFailed ||= result.state === 'failed' || result.state === 'not-done';
    applied.push(result);
    onStep(result);
  }
  return applied;
}

function notDone({ what, where, carryOut, script }: Step): AppliedStep {
  if (carryOut === undefined) return { what, where, state: 'by-hand', commands: script.join('\n') };
  return { what, where, state: 'not-done' };
}

async function applyStep(step: Step): Promise<AppliedStep> {
  const { what, where, carryOut } = step;
  if (carryOut === undefined) return notDone(step);
  try {
    return { what, where, ...(await carryOut()) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const problem = error.problems.map(one => `${formatProblem(one)} (${one.code})`).join('; ');
    return { what, where, state: 'failed', problem };
  }
}
