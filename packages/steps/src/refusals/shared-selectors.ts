import { describeBriefly, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import { isWorkload, sendsTo } from '../workloads/pods-of.ts';
import type { StepWorkload } from '../workloads/step-workload.ts';

/** What another formation has in the same namespace. */
export interface OtherFormation {
  /** What messages call it. */
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
}

/**
 * Services that send to workloads of two formations: one of them would take the other's pods for users while it is narrowed, or send users
 * to a copy from its first Ready pod on.
 */
export function sharedSelectors(workloads: readonly StepWorkload[], other: OtherFormation): StepsProblem[] {
  const theirs = other.objects.filter(isWorkload);
  return workloads.flatMap(({ object, services }) => [
    ...services.flatMap(service =>
      theirs.filter(pods => sendsTo(service, pods)).map(pods => ofBoth(service, pods, other)),
    ),
    ...other.objects
      .filter(service => sendsTo(service, object))
      .map(service => ofOther(service, object, other)),
  ]);
}

const REMEDY = 'give both formations labels of their own';

function ofBoth(service: KubernetesObject, pods: KubernetesObject, { name }: OtherFormation): StepsProblem {
  return {
    ...{ code: 'steps-selector', object: referenceTo(service), pointer: '/spec/selector' },
    message: `the selector of ${describe(service)} also selects ${describe(pods)} of ${name}`,
    remedy: REMEDY,
  };
}

function ofOther(
  service: KubernetesObject,
  workload: KubernetesObject,
  { name }: OtherFormation,
): StepsProblem {
  return {
    ...{ code: 'steps-selector', object: referenceTo(workload), pointer: '/spec/template/metadata/labels' },
    message: `${describe(service)} of ${name} also selects ${describe(workload)}, and would send to its copy from the first Ready pod on`,
    remedy: REMEDY,
  };
}

function describe(object: KubernetesObject): string {
  return describeBriefly(referenceTo(object));
}
