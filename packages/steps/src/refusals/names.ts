import { count } from '@slipway/core';
import { describeBriefly, type KubernetesObject, keyOf, objectKey, referenceTo } from '@slipway/kubernetes';
import { heldObjects } from '../copies/copies-of.ts';
import { copyName, MAX_COPY_NAME } from '../copies/copy-name.ts';
import type { StepsProblem } from '../problem.ts';
import type { StepWorkload } from '../workloads/step-workload.ts';

/** Names of temporary objects that the release itself has, or that are too long. */
export function nameProblems(
  objects: readonly KubernetesObject[],
  workloads: readonly StepWorkload[],
): StepsProblem[] {
  const taken = new Map(objects.map(object => [keyOf(object), object]));
  const copied = [...workloads.map(({ object }) => object), ...heldObjects(objects, workloads)];
  return copied.flatMap(object => {
    const reference = referenceTo(object);
    const name = copyName(object.metadata.name);
    const other = taken.get(objectKey({ ...reference, name }));
    return [
      ...(name.length > MAX_COPY_NAME ? [tooLong(object, name)] : []),
      ...(other === undefined ? [] : [isTaken(other, object)]),
    ];
  });
}

function tooLong(object: KubernetesObject, name: string): StepsProblem {
  return {
    ...{ code: 'steps-name', object: referenceTo(object), pointer: '/metadata/name' },
    message: `the temporary copy of ${describeBriefly(referenceTo(object))} would be called ${name}, which has ${count(name.length, 'character')}`,
    remedy: `shorten the name: ${MAX_COPY_NAME} are the most`,
  };
}

function isTaken(other: KubernetesObject, object: KubernetesObject): StepsProblem {
  return {
    ...{ code: 'steps-name', object: referenceTo(other), pointer: '/metadata/name' },
    message: `the release has ${describeBriefly(referenceTo(other))}, which is the name of the temporary copy of ${describeBriefly(referenceTo(object))}`,
    remedy: 'rename it',
  };
}

/** A live object under the name of a copy that is not a leftover of the formation. @param owner who it belongs to, if that is known */
export function foreignCopy(
  live: KubernetesObject,
  original: KubernetesObject,
  owner: string | undefined,
): StepsProblem {
  const whose = owner === undefined ? 'which this formation did not create' : `which belongs to ${owner}`;
  return {
    ...{ code: 'steps-name', object: referenceTo(original), pointer: '/metadata/name' },
    message: `the cluster has ${describeBriefly(referenceTo(live))}, ${whose}, and the temporary copy of ${describeBriefly(referenceTo(original))} has that name`,
    remedy: 'remove or rename one of them',
  };
}
