import type { StepStrategy } from '@slipway/core';
import { type KubernetesObject, kindKey, referenceTo } from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import { cannot, ofWorker, repeated, unknown, withoutService } from './chosen-problems.ts';
import { isDeployment, isWorkload, sendsTo } from './pods-of.ts';
import {
  type ChosenWorkloads,
  type LeftOut,
  type NamedWorkload,
  namedWorkloads,
  type StepWorkload,
} from './step-workload.ts';
import { unfitness, withoutPods } from './unfit.ts';

/**
 * Which workloads of a release may go in steps, by its manifests alone: those that the strategy names, or all Deployments that a
 * Service of the release selects.
 * @param claims PersistentVolumeClaims that are known besides those of the release
 */
export function mayGoInSteps(
  objects: readonly KubernetesObject[],
  strategy: StepStrategy,
  claims: readonly KubernetesObject[] = [],
): ChosenWorkloads {
  const known = [...objects.filter(object => kindKey(object) === 'PersistentVolumeClaim'), ...claims];
  const named = namedWorkloads(strategy);
  const found = named === undefined ? bySelection(objects, known) : byName(objects, known, named);
  return {
    ...found,
    problems: [...found.problems, ...found.workloads.flatMap(one => ofWorker(one, strategy))],
  };
}

const UNSELECTED = 'no Service of the release selects it';

function bySelection(
  objects: readonly KubernetesObject[],
  claims: readonly KubernetesObject[],
): ChosenWorkloads {
  const workloads: StepWorkload[] = [];
  const leftOut: LeftOut[] = [];
  const unselected: LeftOut[] = [];
  for (const object of objects.filter(isWorkload)) {
    const services = objects.filter(service => sendsTo(service, object));
    if (services.length === 0) {
      if (isDeployment(object)) unselected.push({ object: referenceTo(object), reason: UNSELECTED });
      continue;
    }
    const reason = unfitness(object, claims)?.reason ?? withoutPods(object);
    if (reason === undefined) workloads.push({ object, takesWork: false, services });
    else leftOut.push({ object: referenceTo(object), reason });
  }
  // Beside one that goes in steps it is an ordinary worker; where none does, it may be a selector with a mistake.
  const reasons = workloads.length === 0 ? [...leftOut, ...unselected] : leftOut;
  return { workloads, leftOut: reasons, problems: [] };
}

function byName(
  objects: readonly KubernetesObject[],
  claims: readonly KubernetesObject[],
  named: readonly NamedWorkload[],
): ChosenWorkloads {
  const parts = named.map((one, index) => {
    const isRepeated = named.findIndex(({ name }) => name === one.name) < index;
    return isRepeated ? { problems: [repeated(one)] } : ofName(objects, claims, one);
  });
  return {
    workloads: parts.flatMap(({ workload }) => workload ?? []),
    leftOut: parts.flatMap(({ leftOut }) => leftOut ?? []),
    problems: parts.flatMap(({ problems }) => problems ?? []),
  };
}

interface OneNamed {
  readonly workload?: StepWorkload;
  readonly leftOut?: LeftOut;
  readonly problems?: readonly StepsProblem[];
}

function ofName(
  objects: readonly KubernetesObject[],
  claims: readonly KubernetesObject[],
  { name, takesWork, pointer }: NamedWorkload,
): OneNamed {
  const workloads = objects.filter(isWorkload);
  const same = workloads.filter(({ metadata }) => metadata.name === name);
  const object = same.find(isDeployment) ?? same[0];
  if (object === undefined) return { problems: [unknown(workloads, name, pointer)] };
  const unfit = unfitness(object, claims);
  if (unfit !== undefined) return { problems: [cannot(referenceTo(object), unfit.reason, unfit.pointer)] };
  const services = objects.filter(service => sendsTo(service, object));
  if (services.length === 0 && !takesWork) return { problems: [withoutService(object, pointer)] };
  const reason = withoutPods(object);
  if (reason !== undefined) return { leftOut: { object: referenceTo(object), reason } };
  return { workload: { object, takesWork, services } };
}
