import { apiGroup, type KubernetesObject } from '@slipway/core';
import { autoscaler } from './autoscaler.ts';
import { claim } from './claim.ts';
import { apiService, customResourceDefinition, namespace, podDisruptionBudget } from './cluster-kinds.ts';
import { customResource } from './custom-resource.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment, replicaSet } from './deployment.ts';
import { isTerminating, uidOf } from './fields.ts';
import { job } from './job.ts';
import { KNOWN_RESOURCES } from './known-resources.ts';
import { pod } from './pod.ts';
import { service } from './service.ts';
import { statefulSet } from './stateful-set.ts';
import { type Assess, type ClusterView, failed, ready, type Status } from './status.ts';

const KINDS: Readonly<Record<string, Assess>> = {
  ...KNOWN_RESOURCES,
  '/Namespace': namespace,
  '/PersistentVolumeClaim': claim,
  '/Pod': pod,
  '/Service': service,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
  'apiregistration.k8s.io/APIService': apiService,
  'apps/DaemonSet': daemonSet,
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'batch/Job': job,
  'policy/PodDisruptionBudget': podDisruptionBudget,
};

/** Kubernetes' own groups without a dot; the others end in this. */
const CORE_GROUPS = new Set(['', 'apps', 'autoscaling', 'batch', 'extensions', 'policy']);
const KUBERNETES_SUFFIX = '.k8s.io';

/** Groups that end like Kubernetes' own, and whose objects have a controller with conditions. */
const EXTENSIONS = new Set(['gateway.networking.k8s.io', 'snapshot.storage.k8s.io']);

/** The status of an object as the cluster shows it now: a pure function, by kind; `rules` are for kinds of others. */
export function assess(object: KubernetesObject, view: ClusterView, rules: StatusRules = NO_RULES): Status {
  const group = apiGroup(object.apiVersion);
  const byKind = KINDS[`${group}/${object.kind}`];
  if (byKind === namespace || !isTerminating(object))
    return (
      rules.get(`${group}/${object.kind}`) ??
      byKind ??
      (isKubernetesOwn(group) ? exists : customResource)
    )(object, view);
  return failed({
    key: `${uidOf(object)}/terminating`,
    reason: 'Terminating',
    message: 'it is being deleted',
    remedy: 'see who deletes it, and deploy again',
  });
}

/** By group and kind (`argoproj.io/Rollout`): how an object of it fares. */
export type StatusRules = ReadonlyMap<string, (object: KubernetesObject) => Status>;

const NO_RULES: StatusRules = new Map();

/** Whether the kind is Kubernetes' own, so that nobody's rules are better than those it has. */
export function isKubernetesKind(group: string, kind: string): boolean {
  const key = `${group}/${kind}`;
  return isKubernetesOwn(group) || (key in KINDS && !(key in KNOWN_RESOURCES));
}

/** Whether an object of this kind says more of itself than that it exists, so that watching it is of use. */
export function isActive(apiVersion: string, kind: string): boolean {
  const group = apiGroup(apiVersion);
  return `${group}/${kind}` in KINDS || !isKubernetesOwn(group);
}

function isKubernetesOwn(group: string): boolean {
  return CORE_GROUPS.has(group) || (group.endsWith(KUBERNETES_SUFFIX) && !EXTENSIONS.has(group));
}

/** Configuration, and kinds whose status no release waits for. */
function exists(): Status {
  return ready('it exists', { final: true });
}
