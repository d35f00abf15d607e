import type { Report } from '@slipway/core';
import type { Runner } from '@slipway/github';

/** The outputs of an action that checks: the worst verdict, and how much was found in everything. */
export function setCheckOutputs(reports: readonly Report[], runner: Runner): void {
  const sum = (pick: (counts: Report['counts']) => number): string =>
    String(reports.reduce((total, { counts }) => total + pick(counts), 0));
  runner.setOutput('verdict', worstVerdict(reports));
  runner.setOutput(
    'errors',
    sum(({ errors }) => errors),
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
