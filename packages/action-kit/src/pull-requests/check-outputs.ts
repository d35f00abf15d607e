import type { Problem, Report } from '@slipway/core';
import type { Runner } from '@slipway/github';

/**
 * The outputs of an action that checks: the worst verdict, and how much was found in everything.
 * @param problems what kept files from being checked at all, so that nothing may pass for want of a report
 */
export function setCheckOutputs(
  reports: readonly Report[],
  runner: Runner,
  problems: readonly Problem[] = [],
): void {
  const sum = (pick: (counts: Report['counts']) => number, more = 0): string =>
    String(reports.reduce((total, { counts }) => total + pick(counts), more));
  runner.setOutput('verdict', problems.length > 0 ? 'failed' : worstVerdict(reports));
  runner.setOutput(
    'errors',
    sum(({ errors }) => errors, problems.length),
  );
  runner.setOutput(
    'warnings',
    sum(({ warnings }) => warnings),
  );
  runner.setOutput(
    'sign-off',
    sum(({ signOff }) => signOff),
  );
}

export function worstVerdict(reports: readonly Report[]): Report['verdict'] {
  const verdicts = reports.map(({ verdict }) => verdict);
  return (['failed', 'needs-sign-off'] as const).find(verdict => verdicts.includes(verdict)) ?? 'passed';
}
