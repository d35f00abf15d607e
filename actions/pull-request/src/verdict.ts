import { worstVerdict } from '@slipway/action-kit';
import { count, type Problem, type Report } from '@slipway/core';
import type { Review } from '@slipway/review';
import type { PullRequestErrorCode } from './error-codes.ts';
import type { Reviewed } from './review-application.ts';

export function verdictOf({ targets }: Review): Report['verdict'] {
  return worstVerdict(targets.map(({ report }) => report));
}

/** Why the step fails because of an application: nothing if it does not. */
export function failuresOf({ name, review, problems, statusProblems }: Reviewed): readonly Problem[] {
  if (review === undefined) return [...problems, ...statusProblems];
  const failed = review.targets.filter(({ report }) => report.verdict === 'failed');
  if (failed.length === 0) return statusProblems;
  const what = failed.map(
    ({ name: target, report: { counts } }) =>
      `${target} (${count(counts.errors, 'error')}, ${count(counts.warnings, 'warning')})`,
  );
  const problem: Problem<PullRequestErrorCode> = {
    code: 'review-failed',
    message: `the review failed for ${name}, ${what.join(', ')}`,
    remedy: 'fix what the annotations, the comment and the summary show',
  };
  return [problem, ...statusProblems];
}
