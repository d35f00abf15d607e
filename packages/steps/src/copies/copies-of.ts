import { type KubernetesObject, objectKey, referenceTo } from '@slipway/kubernetes';
import { covers } from '../workloads/pods-of.ts';
import type { StepWorkload } from '../workloads/step-workload.ts';
import { copyOfBudget } from './copy-budget.ts';
import { copyOfDeployment } from './copy-deployment.ts';
import { copyOfService } from './copy-service.ts';

/** A temporary object, and the name of the object of its kind whose copy it is. */
export interface Copy {
  readonly object: KubernetesObject;
  readonly copyOf: string;
}

/** The Services and budgets that are held while the workloads go in steps, each once, as the manifests have them. */
export function heldObjects(
  objects: readonly KubernetesObject[],
  workloads: readonly StepWorkload[],
): readonly KubernetesObject[] {
  const services = workloads.flatMap(workload => workload.services);
  const budgets = objects.filter(object => workloads.some(workload => covers(object, workload.object)));
  return [
    ...new Map([...services, ...budgets].map(object => [objectKey(referenceTo(object)), object])).values(),
  ];
}

/**
 * Every temporary object that a release in steps brings: Services and budgets before the Deployments, so that no pod of a copy is
 * without them.
 * @param sizeOf how many pods the copy of a workload has at first
 * @param podOf a live pod of stable
 */
export function copiesOf<Workload extends StepWorkload>(
  objects: readonly KubernetesObject[],
  workloads: readonly Workload[],
  sizeOf: (workload: Workload) => number,
  podOf: (workload: Workload) => KubernetesObject | undefined = () => undefined,
): readonly Copy[] {
  const held = heldObjects(objects, workloads).map(object => ({
    object: object.kind === 'Service' ? copyOfService(object) : copyOfBudget(object),
    copyOf: object.metadata.name,
  }));
  const deployments = workloads.map(workload => ({
    object: copyOfDeployment(workload.object, sizeOf(workload), podOf(workload)),
    copyOf: workload.object.metadata.name,
  }));
  return [...held, ...deployments];
}
