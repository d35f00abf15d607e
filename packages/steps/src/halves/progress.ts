import { quote } from '@slipway/core';
import {
  annotationOf,
  describeBriefly,
  type KubernetesObject,
  PROGRESS,
  referenceTo,
} from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';

/** Whether an object is written at the start of a release in steps, or when it is committed. */
export type Half = 'first' | 'last';

/** The half that an object says; undefined if it says none. */
export function writtenHalf(object: KubernetesObject): Half | undefined {
  const text = annotationOf(object, PROGRESS);
  return text === 'first' || text === 'last' ? text : undefined;
}

/** Annotations that say neither. */
export function progressProblems(objects: readonly KubernetesObject[]): StepsProblem[] {
  return objects.flatMap(object => {
    const text = annotationOf(object, PROGRESS);
    if (text === undefined || writtenHalf(object) !== undefined) return [];
    return [
      {
        code: 'steps-progress' as const,
        object: referenceTo(object),
        pointer: `/metadata/annotations/${PROGRESS.replace('/', '~1')}`,
        message: `${describeBriefly(referenceTo(object))} has ${PROGRESS} ${quote(text)}`,
        remedy: 'write "first" or "last"',
      },
    ];
  });
}
