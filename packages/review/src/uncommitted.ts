import type { CheckedTarget } from '@slipway/check';
import { makeReport, quote } from '@slipway/core';
import { findingOfProblem } from '@slipway/policy';

/** Says of manifests that a step of the job wrote that their changes are not known: no commit has what they were before. */
export function withUncommitted(target: CheckedTarget, failOn: 'error' | 'warning'): CheckedTarget {
  const { uncommitted, objects, report } = target;
  if (uncommitted === undefined) return target;
  const problem = {
    code: RULE,
    message: `${quote(uncommitted)} is not a file of the commit, so there is nothing to compare it with`,
    remedy:
      'commit what Helm or Kustomize writes, or name the chart or directory as a source of a formation, which is rendered for both commits',
  };
  const finding = findingOfProblem(problem, RULE, 'notice');
  return { ...target, report: makeReport([...report.findings, finding], objects.length, failOn) };
}

const RULE = 'baseline/uncommitted';
