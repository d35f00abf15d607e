import { describeBriefly } from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import type { ChosenWorkloads } from '../workloads/step-workload.ts';

/** That a strategy can never do anything, with the reason of each workload; nothing where one is refused already. */
export function nothingInSteps({ workloads, leftOut, problems }: ChosenWorkloads): StepsProblem[] {
  if (workloads.length > 0 || problems.length > 0) return [];
  const reasons = leftOut.map(({ object, reason }) => `${describeBriefly(object)}: ${reason}`);
  const why = reasons.length === 0 ? 'there is no Deployment' : reasons.join('; ');
  return [
    {
      code: 'steps-advice',
      pointer: '',
      message: `nothing of the formation can go in steps, so that all users get each release at once (${why})`,
      remedy:
        'let a Service select the Deployment, name one that takes its work itself in "workloads", or write strategy: none',
    },
  ];
}
