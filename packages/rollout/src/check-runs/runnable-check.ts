import type { CheckResult } from '@slipway/core';

/** A check with everything that it needs; every outcome is a result, whatever goes wrong. */
export interface RunnableCheck {
  readonly name: string;
  /**
   * @param settled when everything had become ready
   * @throws only the signal's reason when it aborts
   */
  run(settled: Date, signal: AbortSignal): Promise<CheckOutcome>;
}

export type CheckOutcome = Omit<CheckResult, 'name'>;

export function passed(message: string, evidence: CheckOutcome['evidence'] = []): CheckOutcome {
  return { status: 'passed', message, evidence };
}

/** What could only be said in comparison with a version beside this one. */
export function notJudged(message: string): CheckOutcome {
  return { status: 'not-judged', message, evidence: [] };
}

export function failedCheck(
  message: string,
  remedy: string,
  evidence: CheckOutcome['evidence'] = [],
): CheckOutcome {
  return { status: 'failed', message, remedy, evidence };
}
