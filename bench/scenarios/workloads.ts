import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

export const LABELS = { app: 'shop' };
const METADATA = { name: 'shop' };
export const SERVES = 'exec httpd -p 8080 -h /tmp';
export const PROBE: JsonObject = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 };

/** Containers of the testbed's base image. */
export interface Containers {
  readonly image: string;
  shell(script: string, more?: JsonObject): JsonObject;
  /** One that answers its readiness probe. */
  serving(more?: JsonObject): JsonObject;
}

export function containersOf(image: string): Containers {
  const shell = (script: string, more: JsonObject = {}): JsonObject => ({
    name: 'main',
    image,
    command: ['/bin/sh', '-c', script],
    ...more,
  });
  return { image, shell, serving: (more = {}) => shell(SERVES, { readinessProbe: PROBE, ...more }) };
}

function template(main: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    metadata: { labels: LABELS },
    spec: { containers: [main], terminationGracePeriodSeconds: 1, ...more },
  };
}

function workload(kind: string, main: JsonObject, pod: JsonObject, more: JsonObject): KubernetesObject {
  const spec = { selector: { matchLabels: LABELS }, template: template(main, pod), ...more };
  return { apiVersion: 'apps/v1', kind, metadata: METADATA, spec };
}

export function deployment(main: JsonObject, pod: JsonObject = {}, more: JsonObject = {}): KubernetesObject {
  return workload('Deployment', main, pod, more);
}

/** A second one beside the first. */
export function otherDeployment(name: string, main: JsonObject): KubernetesObject {
  const labels = { app: name };
  const spec = {
    selector: { matchLabels: labels },
    template: { ...template(main), metadata: { labels } },
  };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
}

export function replicaSet(main: JsonObject): KubernetesObject {
  return workload('ReplicaSet', main, {}, {});
}

export function statefulSet(main: JsonObject, more: JsonObject = {}): KubernetesObject {
  return workload('StatefulSet', main, {}, { replicas: 2, serviceName: 'shop', ...more });
}

export function daemonSet(main: JsonObject, pod: JsonObject = {}): KubernetesObject {
  return workload('DaemonSet', main, pod, {});
}

export function job(main: JsonObject, more: JsonObject = {}, pod: JsonObject = {}): KubernetesObject {
  const spec = { backoffLimit: 0, template: template(main, { restartPolicy: 'Never', ...pod }), ...more };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: METADATA, spec };
}

export function cronJob(main: JsonObject): KubernetesObject {
  const { spec } = job(main);
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: METADATA,
    spec: { schedule: '0 3 * * *', jobTemplate: { spec: spec ?? {} } },
  };
}

export function barePod(main: JsonObject): KubernetesObject {
  const spec = { containers: [main], restartPolicy: 'Never', terminationGracePeriodSeconds: 1 };
  return { apiVersion: 'v1', kind: 'Pod', metadata: METADATA, spec };
}

export function service(selected: string): KubernetesObject {
  const spec = { selector: { app: selected }, ports: [{ port: 80, targetPort: 8080 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: METADATA, spec };
}

export function claim(storageClassName: string): KubernetesObject {
  const spec = {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    storageClassName,
  };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec };
}

export function storageClass(name: string, volumeBindingMode: string): KubernetesObject {
  const rest = { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode };
  return { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, ...rest };
}
