import { defined, formatProblem, type Problem } from '@slipway/core';
import type { Annotation, Runner } from './runner.ts';

/** Shows a problem as an annotation at its position, and in the log. */
export function showProblem(problem: Problem, severity: Annotation['severity'], runner: Runner): void {
  runner.annotate({
    severity,
    code: problem.code,
    message: formatProblem(problem),
    ...defined({ at: problem.at }),
  });
}
