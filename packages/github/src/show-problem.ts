import { formatProblem, type Problem } from '@slipway/core';
import type { Annotation, Runner } from './runner.ts';

/** Shows a problem on the line of the file where it is, and in the log. */
export function showProblem(problem: Problem, severity: Annotation['severity'], runner: Runner): void {
  runner.annotate({
    severity,
    code: problem.code,
    message: formatProblem(problem),
    ...(problem.at === undefined ? {} : { place: problem.at }),
  });
}
