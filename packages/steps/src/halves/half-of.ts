import {
  annotationOf,
  isDefinition,
  isJob,
  isNamedByContent,
  isNamespace,
  type KubernetesObject,
  kindKey,
  ORDER,
  podReferences,
} from '@slipway/kubernetes';
import { areTogether, podSpec } from '../workloads/pods-of.ts';
import { definitionOnlyGains } from './definition-gains.ts';
import { type Half, writtenHalf } from './progress.ts';
import { bindingOnlyGains, roleOnlyGains } from './role-gains.ts';

/** What decides which half an object belongs to, besides itself. */
export interface HalfFacts {
  /** The object as it is now, live or by the record of the release before; undefined for a new one. */
  readonly before: KubernetesObject | undefined;
  /** The workloads that go in steps. */
  readonly workloads: readonly KubernetesObject[];
}

/**
 * Which half of a release in steps an object belongs to. The first half is what the copy needs and what stable does not notice; all
 * that stable could notice waits for the commit.
 */
export function halfOf(object: KubernetesObject, facts: HalfFacts): Half {
  return writtenHalf(object) ?? (isFirst(object, facts) ? 'first' : 'last');
}

function isFirst(object: KubernetesObject, { before, workloads }: HalfFacts): boolean {
  const isNew = before === undefined;
  if (isNamespace(object) || isNamedByContent(object)) return isNew;
  if (isDefinition(object)) return isNew || definitionOnlyGains(before, object);
  if (isJob(object)) return isNew && orderBelowZero(object);
  switch (kindKey(object)) {
    case 'ServiceAccount':
      return true;
    case 'Role.rbac.authorization.k8s.io':
    case 'ClusterRole.rbac.authorization.k8s.io':
      return isNew || roleOnlyGains(before, object);
    case 'RoleBinding.rbac.authorization.k8s.io':
    case 'ClusterRoleBinding.rbac.authorization.k8s.io':
      return isNew || bindingOnlyGains(before, object);
    case 'PersistentVolumeClaim':
      return isNew && workloads.some(workload => mounts(workload, object));
    case 'Service':
      return isNew;
    case 'ConfigMap':
    case 'Secret':
      // A new one under a fixed name is read by no pod of stable, and the copy may need it.
      return isNew;
    default:
      return false;
  }
}

function orderBelowZero(object: KubernetesObject): boolean {
  return Number(annotationOf(object, ORDER) ?? 0) < 0;
}

function mounts(workload: KubernetesObject, claim: KubernetesObject): boolean {
  return (
    areTogether(workload, claim) &&
    podReferences(podSpec(workload)).some(
      ({ kind, name }) => kind === 'PersistentVolumeClaim' && name === claim.metadata.name,
    )
  );
}
