import type { Kind } from '@slipway/kubernetes';
import { autoscaler } from './autoscaler.ts';
import { claim } from './claim.ts';
import { apiService, customResourceDefinition, namespace, podDisruptionBudget } from './cluster-kinds.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment, replicaSet } from './deployment.ts';
import { job } from './job.ts';
import {
  CONTROLLER_REVISION,
  ENDPOINT_SLICE,
  EVENT,
  NODE,
  POD,
  REPLICA_SET,
  STORAGE_CLASS,
} from './kinds.ts';
import { argoRollout, certificate, knativeService, route, verticalAutoscaler } from './known-resources.ts';
import { pod } from './pod.ts';
import { service } from './service.ts';
import { statefulSet } from './stateful-set.ts';
import type { Assess } from './status.ts';

/** How objects of one kind are judged. */
export interface KnownKind {
  readonly assess: Assess;
  /** What `assess` reads besides the object: kinds in the object's namespace, or without a namespace. */
  readonly needs?: readonly Kind[];
}

/** One row for each kind that Slipway knows; to add a status rule for a kind is to add a row here. */
const rows: Readonly<Record<string, KnownKind>> = {
  Namespace: { assess: namespace },
  PersistentVolumeClaim: { assess: claim, needs: [STORAGE_CLASS] },
  Pod: { assess: pod, needs: [EVENT] },
  ReplicationController: { assess: replicaSet, needs: [POD, EVENT] },
  Service: { assess: service, needs: [ENDPOINT_SLICE] },
  'APIService.apiregistration.k8s.io': { assess: apiService },
  'CustomResourceDefinition.apiextensions.k8s.io': { assess: customResourceDefinition },
  'DaemonSet.apps': { assess: daemonSet, needs: [POD, EVENT, CONTROLLER_REVISION, NODE] },
  'Deployment.apps': { assess: deployment, needs: [REPLICA_SET, POD, EVENT] },
  'HorizontalPodAutoscaler.autoscaling': { assess: autoscaler },
  'Job.batch': { assess: job, needs: [POD, EVENT] },
  'PodDisruptionBudget.policy': { assess: podDisruptionBudget },
  'ReplicaSet.apps': { assess: replicaSet, needs: [POD, EVENT] },
  'StatefulSet.apps': { assess: statefulSet, needs: [POD, EVENT] },

  'Certificate.cert-manager.io': { assess: certificate },
  'GRPCRoute.gateway.networking.k8s.io': { assess: route },
  'HTTPRoute.gateway.networking.k8s.io': { assess: route },
  'Rollout.argoproj.io': { assess: argoRollout },
  'Service.serving.knative.dev': { assess: knativeService },
  'TCPRoute.gateway.networking.k8s.io': { assess: route },
  'TLSRoute.gateway.networking.k8s.io': { assess: route },
  'UDPRoute.gateway.networking.k8s.io': { assess: route },
  'VerticalPodAutoscaler.autoscaling.k8s.io': { assess: verticalAutoscaler },
};

/** By the key of the kind. A map, since manifests may name a kind `constructor`. */
export const KNOWN_KINDS: ReadonlyMap<string, KnownKind> = new Map(Object.entries(rows));
