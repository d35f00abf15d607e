import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/** What a workload has besides its name; a container `main` whose image no registry has, unless said otherwise. */
export interface WorkloadOptions {
  /** 2 unless given. */
  readonly replicas?: number;
  /** What its pods play on the fake nodes. */
  readonly behaviour?: string;
  /** Seconds that they take for it. */
  readonly delay?: number;
  /** What the kubelet or the container is to say then. */
  readonly message?: string;
  /** Fields of the pod's spec. */
  readonly pod?: JsonObject;
  /** Fields of the container. */
  readonly container?: JsonObject;
  /** Fields of the workload's spec. */
  readonly spec?: JsonObject;
}

function template(name: string, { behaviour, delay, message, pod, container }: WorkloadOptions): JsonObject {
  const annotations = {
    ...(behaviour === undefined ? {} : { 'testbed.slipway.dev/behaviour': behaviour }),
    ...(delay === undefined ? {} : { 'testbed.slipway.dev/delay': String(delay) }),
    ...(message === undefined ? {} : { 'testbed.slipway.dev/message': message }),
  };
  return {
    metadata: { labels: { app: name }, annotations },
    spec: { containers: [{ name: 'main', image: 'shop/main:1', ...container }], ...pod },
  };
}

export function deployment(name: string, options: WorkloadOptions = {}): KubernetesObject {
  return scaled('Deployment', name, options);
}

/** A Deployment of one pod, which plays a part on the fake nodes. */
export function workload(name: string, behaviour?: string, image = 'shop/main:1'): KubernetesObject {
  const part = behaviour === undefined ? {} : { behaviour };
  return deployment(name, { replicas: 1, container: { image }, ...part });
}

export function statefulSet(name: string, options: WorkloadOptions = {}): KubernetesObject {
  return scaled('StatefulSet', name, { ...options, spec: { serviceName: name, ...options.spec } });
}

function scaled(kind: string, name: string, options: WorkloadOptions): KubernetesObject {
  const selector = { matchLabels: { app: name } };
  const { replicas = 2, spec } = options;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: { replicas, selector, template: template(name, options), ...spec },
  };
}

export function job(name: string, options: WorkloadOptions = {}): KubernetesObject {
  const { pod, spec } = options;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      backoffLimit: 0,
      template: template(name, { ...options, pod: { restartPolicy: 'Never', ...pod } }),
      ...spec,
    },
  };
}

export function service(name: string, selects = name): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: selects }, ports: [{ port: 80 }] },
  };
}

export function daemonSet(name: string): KubernetesObject {
  const { spec, ...rest } = scaled('DaemonSet', name, {});
  const { replicas: _, ...withoutReplicas } = spec as JsonObject;
  return { ...rest, spec: withoutReplicas };
}

export function barePod(name: string): KubernetesObject {
  const spec = { containers: [{ name: 'main', image: 'shop/main:1' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec };
}

export function autoscaler(name: string): KubernetesObject {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 4 },
  };
}

export function budget(name: string): KubernetesObject {
  const spec = { minAvailable: 1, selector: { matchLabels: { app: name } } };
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name }, spec };
}

export function configMap(name: string, data: JsonObject): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

/** The same object in another stage of the release. */
export function ordered(object: KubernetesObject, order: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, annotations: { 'slipway.dev/order': order } } };
}
