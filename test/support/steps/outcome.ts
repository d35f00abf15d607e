import type { StepResult } from '@slipway/testbed/runner';

/** Whether a step succeeded; if not, its log, which goes into the failure of the test. */
export function outcome({ exitCode, log }: StepResult): string {
  return exitCode === 0 ? 'succeeded' : log;
}

/** Whether a step failed with a code; if not, its log. */
export function failure({ exitCode, outputs, log }: StepResult): string {
  return exitCode === 0 ? log : (outputs['error'] ?? log);
}
