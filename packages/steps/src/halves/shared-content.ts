import {
  describeObject,
  type KubernetesObject,
  NAMING,
  PROGRESS,
  podReferences,
  referenceTo,
} from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import { areTogether, podSpec } from '../workloads/pods-of.ts';
import { writtenHalf } from './progress.ts';

/**
 * ConfigMaps and Secrets that keep their names and change, and that a copy or a Job of the first half uses: written at the start they
 * would change stable, and at the commit the copy would be judged with the old ones.
 * @param changed those that keep their names, exist, and change
 * @param users the workloads that go in steps, and the Jobs of the first half
 */
export function sharedContentProblems(
  changed: readonly KubernetesObject[],
  users: readonly KubernetesObject[],
): StepsProblem[] {
  return changed.flatMap(object => {
    const user = users.find(one => uses(one, object));
    if (user === undefined || writtenHalf(object) !== undefined) return [];
    return [
      {
        code: 'steps-content' as const,
        object: referenceTo(object),
        pointer: '/metadata/name',
        message: `${describeObject(referenceTo(object))} keeps its name and changes, and ${describeObject(referenceTo(user))} uses it`,
        remedy: `let it be named by its content (${NAMING}: content), or say with ${PROGRESS}: first or last when it may change for both versions`,
      },
    ];
  });
}

function uses(user: KubernetesObject, object: KubernetesObject): boolean {
  const { kind, metadata } = object;
  return (
    areTogether(user, object) &&
    podReferences(podSpec(user)).some(
      reference => reference.kind === kind && reference.name === metadata.name,
    )
  );
}
