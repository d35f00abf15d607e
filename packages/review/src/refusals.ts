import type { CheckedTarget } from '@slipway/check';
import { type Finding, makeReport } from '@slipway/core';
import { referenceTo } from '@slipway/kubernetes';
import { findingOfProblem } from '@slipway/policy';
import { writtenProblems } from '@slipway/release';

/** Why `deploy` would refuse the manifests, as far as they alone show it: after the merge it would be too late. */
export function withRefusals(target: CheckedTarget, failOn: 'error' | 'warning'): CheckedTarget {
  const found = target.objects.flatMap(manifest => refusalsOf(manifest, target));
  if (found.length === 0) return target;
  const { findings } = target.report;
  return { ...target, report: makeReport([...findings, ...found], target.objects.length, failOn) };
}

function refusalsOf(
  { object, positionAt }: CheckedTarget['objects'][number],
  { formation, destination }: CheckedTarget,
): Finding[] {
  const reference = referenceTo(object);
  return writtenProblems([{ object, positionAt }]).map(problem => ({
    ...findingOfProblem(problem, `deploy/${problem.code}`, 'error', [reference.kind, reference.name]),
    object: reference,
    ...(formation === undefined || destination === undefined ? {} : { formation, destination }),
  }));
}
