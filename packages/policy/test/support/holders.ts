import type { KubernetesObject } from '@slipway/kubernetes';

const text = { type: 'string' };

const spec = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 20, pattern: '^[a-z.-]+$' },
    mode: { type: 'string', enum: ['fast', 'slow'] },
    free: { type: 'string', nullable: true, enum: ['fast', 'slow'] },
    other: { type: 'string', nullable: true },
    count: { type: 'integer', minimum: 0, maximum: 100 },
    ratio: { type: 'number', multipleOf: 0.01 },
    whole: { type: 'integer', multipleOf: 3 },
    words: { type: 'array', items: text },
    maybe: { type: 'array', items: { type: 'string', nullable: true } },
    tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    labels: { type: 'object', additionalProperties: text },
    routes: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: {
        type: 'object',
        required: ['port'],
        properties: {
          port: { type: 'integer', minimum: 1, maximum: 65535 },
          protocol: { type: 'string', default: 'TCP' },
          host: text,
        },
      },
    },
  },
};

/** A definition, and objects of it that a server takes. */
export const holders: {
  readonly definitions: readonly KubernetesObject[];
  readonly objects: readonly KubernetesObject[];
} = {
  definitions: [
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'holders.parity.slipway.dev' },
      spec: {
        group: 'parity.slipway.dev',
        scope: 'Namespaced',
        names: { plural: 'holders', singular: 'holder', kind: 'Holder', listKind: 'HolderList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
          },
        ],
      },
    },
  ],
  objects: [
    {
      apiVersion: 'parity.slipway.dev/v1',
      kind: 'Holder',
      metadata: { name: 'one', labels: { app: 'one' } },
      spec: {
        ...{ name: 'a', mode: 'fast', free: 'slow', other: 'x', count: 5, ratio: 0.29, whole: 9 },
        ...{ words: ['a', 'b'], maybe: ['a'], tags: ['x', 'y'], labels: { a: 'b' } },
        routes: [{ port: 80, host: 'a' }, { port: 53, protocol: 'UDP' }, { port: 53 }],
      },
    },
  ],
};
