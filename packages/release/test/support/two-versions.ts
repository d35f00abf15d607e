import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { budget, configMap, deployment, job, ordered, service } from '@slipway/testkit/objects';

/** A formation whose second version has other pods, another content, a new Service, and a migration. */
export const first = (): KubernetesObject[] => [
  using(deployment('api', { container: { image: 'api:1' } })),
  service('api'),
  budget('api'),
  configMap('settings', { a: '1' }),
  configMap('flags', { a: '1' }),
  configMap('old', { a: '1' }),
];
export const second = (more: readonly KubernetesObject[] = []): KubernetesObject[] => [
  using(deployment('api', { container: { image: 'api:2' } })),
  withPort(service('api')),
  service('api-admin', 'api'),
  budget('api'),
  configMap('settings', { a: '2' }),
  configMap('flags', { a: '2' }),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'api' } },
  ordered(job('migrate'), '-1'),
  ...more,
];

function using(object: KubernetesObject): KubernetesObject {
  const spec = object['spec'] as {
    readonly template: { readonly spec: { readonly containers: JsonObject[] } };
  };
  const containers = spec.template.spec.containers.map(container => ({
    ...container,
    envFrom: [{ configMapRef: { name: 'settings' } }],
  }));
  const template = { ...spec.template, spec: { ...spec.template.spec, containers } };
  return { ...object, spec: { ...spec, template } } as unknown as KubernetesObject;
}

function withPort(object: KubernetesObject): KubernetesObject {
  const spec = object['spec'] as JsonObject;
  return {
    ...object,
    spec: {
      ...spec,
      ports: [
        { name: 'http', port: 80 },
        { name: 'admin', port: 81 },
      ],
    },
  };
}
