import type { JsonObject, StepStrategy } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { budget, configMap, deployment, job, ordered, service } from '@slipway/testkit/objects';

/** Two steps, the second of which waits to be let go on. */
export const STRATEGY: StepStrategy = {
  steps: [{ weight: 34 }, { weight: 50, pause: 'commit', unwatched: true }],
  drain: '0s',
};

/** What a container of the testbed's base image does on a real node; kwok's pods have none. */
const SERVING = {
  command: ['/bin/sh', '-c', 'exec httpd -p 8080 -h /tmp'],
  readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
};

/**
 * What a version of the formation has: two workloads that use a ConfigMap with a name by its content and are asked through Services, a
 * budget, a migration, what each half changes, and what comes and leaves with every version. Each second version has a Service of its own
 * and another port, so that held objects come, change and leave as well.
 * @param repository of its images, which have the number as their tag
 */
export function version(number: number, repository: string): KubernetesObject[] {
  const text = String(number);
  const isEven = number % 2 === 0;
  const image = `${repository}:${text}`;
  const serving = { image, ...SERVING };
  const pod = { terminationGracePeriodSeconds: 1 };
  return [
    using(deployment('api', { replicas: 2, container: serving, pod })),
    using(deployment('web', { replicas: 1, container: serving, pod })),
    isEven ? withAdminPort(service('api')) : service('api'),
    service('web'),
    budget('api'),
    configMap('settings', { version: text }),
    configMap('flags', { version: text }),
    configMap(`only-${text}`, { version: text }),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: `account-${text}` } },
    ordered(job(`migrate-${text}`, { container: { image, command: ['/bin/sh', '-c', 'true'] } }), '-1'),
    ...(isEven ? [service('api-admin', 'api')] : []),
  ];
}

function using(object: KubernetesObject): KubernetesObject {
  const { template, ...spec } = object['spec'] as { readonly template: Template } & JsonObject;
  const envFrom = [{ configMapRef: { name: 'settings' } }];
  const containers = template.spec.containers.map(container => ({ ...container, envFrom }));
  return {
    ...object,
    spec: { ...spec, template: { ...template, spec: { ...template.spec, containers } } },
  } as KubernetesObject;
}

interface Template extends JsonObject {
  readonly spec: { readonly containers: readonly JsonObject[] };
}

function withAdminPort(object: KubernetesObject): KubernetesObject {
  const ports = [
    { name: 'http', port: 80 },
    { name: 'admin', port: 81 },
  ];
  return { ...object, spec: { ...(object['spec'] as JsonObject), ports } };
}
