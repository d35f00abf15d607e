import {
  isBuiltIn,
  isBuiltInGroup,
  isTerminating,
  type KubernetesObject,
  kindKey,
  kindKeyIn,
  uidOf,
} from '@slipway/kubernetes';
import { autoscaler } from './autoscaler.ts';
import { claim } from './claim.ts';
import { apiService, customResourceDefinition, namespace, podDisruptionBudget } from './cluster-kinds.ts';
import { customResource } from './custom-resource.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment, replicaSet } from './deployment.ts';
import { job } from './job.ts';
import { KNOWN_RESOURCES } from './known-resources.ts';
import { pod } from './pod.ts';
import { service } from './service.ts';
import { statefulSet } from './stateful-set.ts';
import { type Assess, type ClusterView, failed, ready, type Status } from './status.ts';

const KINDS: Readonly<Record<string, Assess>> = {
  ...KNOWN_RESOURCES,
  Namespace: namespace,
  PersistentVolumeClaim: claim,
  Pod: pod,
  Service: service,
  'CustomResourceDefinition.apiextensions.k8s.io': customResourceDefinition,
  'APIService.apiregistration.k8s.io': apiService,
  'DaemonSet.apps': daemonSet,
  'Deployment.apps': deployment,
  'ReplicaSet.apps': replicaSet,
  'StatefulSet.apps': statefulSet,
  'HorizontalPodAutoscaler.autoscaling': autoscaler,
  'Job.batch': job,
  'PodDisruptionBudget.policy': podDisruptionBudget,
};

/** The status of an object as the cluster shows it now: a pure function, by kind; `rules` are for kinds of others. */
export function assess(object: KubernetesObject, view: ClusterView, rules: StatusRules = NO_RULES): Status {
  const key = kindKey(object);
  const byKind = KINDS[key];
  if (byKind === namespace || !isTerminating(object))
    return (rules.get(key) ?? byKind ?? (isBuiltIn(object.apiVersion) ? exists : customResource))(
      object,
      view,
    );
  return failed({
    key: `${uidOf(object)}/terminating`,
    reason: 'Terminating',
    message: 'it is being deleted',
    remedy: 'find out who deletes it, and deploy again',
  });
}

/** By the key of a kind (`Rollout.argoproj.io`): how an object of it fares. */
export type StatusRules = ReadonlyMap<string, (object: KubernetesObject) => Status>;

const NO_RULES: StatusRules = new Map();

/** Whether the kind is Kubernetes' own, so that nobody's rules are better than those it has. */
export function isKubernetesKind(group: string, kind: string): boolean {
  const key = kindKeyIn(group, kind);
  return isBuiltInGroup(group) || (key in KINDS && !(key in KNOWN_RESOURCES));
}

/** Whether an object of this kind says more of itself than that it exists, so that watching it is of use. */
export function isActive(apiVersion: string, kind: string): boolean {
  return kindKey({ apiVersion, kind }) in KINDS || !isBuiltIn(apiVersion);
}

/** Configuration, and kinds whose status no release waits for. */
function exists(): Status {
  return ready('it exists', { final: true });
}
