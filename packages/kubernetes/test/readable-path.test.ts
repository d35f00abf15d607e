import { describe, expect, it } from '@jest/globals';
import { type KubernetesObject, readablePath } from '../src/index.ts';

const deployment: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { 'app.kubernetes.io/name': 'web' } },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: 'api',
            ports: [{ containerPort: 80 }],
            args: ['a', 'b'],
            env: [{ name: 'A[1]', value: 'x' }],
          },
        ],
        hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }],
        tolerations: [{ key: 'a' }],
      },
    },
  },
};
const route: KubernetesObject = {
  apiVersion: 'example.com/v1',
  kind: 'Route',
  metadata: { name: 'web' },
  spec: { parts: [{ name: 'first' }, { weight: 1 }] },
};

describe('the path of a field for people', () => {
  it.each([
    [
      'of a field of a container',
      deployment,
      '/spec/template/spec/containers/0/image',
      'spec.template.spec.containers[api].image',
    ],
    [
      'of a port, which its number identifies',
      deployment,
      '/spec/template/spec/containers/0/ports/0/name',
      'spec.template.spec.containers[api].ports[80].name',
    ],
    [
      'of an item that only its index identifies',
      deployment,
      '/spec/template/spec/containers/0/args/1',
      'spec.template.spec.containers[api].args[1]',
    ],
    [
      'of an item whose name has brackets',
      deployment,
      '/spec/template/spec/containers/0/env/0/value',
      'spec.template.spec.containers[api].env[0].value',
    ],
    [
      'of an item that its address identifies',
      deployment,
      '/spec/template/spec/hostAliases/0',
      'spec.template.spec.hostAliases[10.0.0.1]',
    ],
    [
      'of an item of an atomic list',
      deployment,
      '/spec/template/spec/tolerations/0/key',
      'spec.template.spec.tolerations[0].key',
    ],
    [
      'of a label',
      deployment,
      '/metadata/labels/app.kubernetes.io~1name',
      'metadata.labels["app.kubernetes.io/name"]',
    ],
    ['of a named item of a custom resource', route, '/spec/parts/0', 'spec.parts[first]'],
    ['of an item of a custom resource without a name', route, '/spec/parts/1/weight', 'spec.parts[1].weight'],
    ['of a field that the object does not have', route, '/spec/other/0/name', 'spec.other.0.name'],
    ['of the whole object', route, '', ''],
  ])('%s', (_, object, pointer, path) => {
    expect(readablePath(object, pointer)).toBe(path);
  });
});
