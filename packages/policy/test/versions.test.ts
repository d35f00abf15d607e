import { describe, expect, it } from '@jest/globals';
import type { JsonValue, Path } from '@slipway/core';
import { valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { admissionView } from '../src/defaults/admission-view.ts';
import { check } from '../src/index.ts';
import { minorOf, readBuiltInSchemas } from '../src/schemas/built-in.ts';
import { openCatalog } from '../src/schemas/catalog.ts';

/** A value of a Pod as policies of a version see it. */
function seen(spec: object, version: string, path: Path): JsonValue | undefined {
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', labels: { tier: 'web' } } },
    spec: { containers: [{ name: 'a', image: 'a:1' }], ...spec },
  } as unknown as KubernetesObject;
  const kind = openCatalog(readBuiltInSchemas(version)).find('v1', 'Pod');
  if (kind === undefined) throw new Error('there are no pods');
  return valueAt(admissionView(pod, kind, 'shop', minorOf(version)), ['spec', ...path]);
}

const spread = {
  ...{ maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' },
  ...{ labelSelector: {}, matchLabelKeys: ['tier'] },
};
const merged = { matchExpressions: [{ key: 'tier', operator: 'In', values: ['web'] }] };

/** Servers before 1.36 are not built for the tests: these cases follow their sources. */
describe('policies see', () => {
  it.each<[string, object, string, Path, JsonValue | undefined]>([
    ['no resources of the pod', { resources: { limits: { cpu: 1 } } }, '1.33', ['resources'], undefined],
    [
      'resources of the pod with requests',
      ...([{ resources: { limits: { cpu: 1 } } }, '1.34', ['resources']] as const),
      { limits: { cpu: '1' }, requests: { cpu: '1' } },
    ],
    ['no name of the host', { hostnameOverride: 'b' }, '1.34', ['hostnameOverride'], undefined],
    ['a name of the host', { hostnameOverride: 'b' }, '1.35', ['hostnameOverride'], 'b'],
    [
      'a spread as it was written',
      ...([{ topologySpreadConstraints: [spread] }, '1.33'] as const),
      ['topologySpreadConstraints', 0, 'labelSelector'],
      {},
    ],
    [
      'a spread with its keys',
      ...([{ topologySpreadConstraints: [spread] }, '1.34'] as const),
      ['topologySpreadConstraints', 0, 'labelSelector'],
      merged,
    ],
  ])('%s (%p in %s)', (_title, spec, version, path, value) => {
    expect(seen(spec, version, path)).toEqual(value);
  });
});

const autoscaler = {
  ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'a', uid: 'u' } },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' },
    ...{ minReplicas: 0, maxReplicas: 3 },
    metrics: [
      {
        type: 'External',
        external: { metric: { name: 'queue' }, target: { type: 'Value', value: '1' } },
      },
    ],
  },
} as unknown as KubernetesObject;

describe('an autoscaler that scales to zero', () => {
  it.each([
    ['1.36', undefined, ['"spec.minReplicas" must be at least 1 before Kubernetes 1.37']],
    ['1.36', autoscaler, []],
    ['1.37', undefined, []],
  ])('is judged by %s, and by what is in the cluster', async (kubernetesVersion, old, messages) => {
    const found = await check({
      objects: [{ object: autoscaler, ...(old === undefined ? {} : { old }) }],
      ...{ policies: [], packs: [], kubernetesVersion, namespace: 'shop' },
    });
    expect(found.map(({ message }) => message)).toEqual(messages);
  });
});

describe('numbers of custom resources', () => {
  it.each<[string, object, number, readonly string[]]>([
    ['int32', { type: 'integer', format: 'int32' }, 3_000_000_000, ['1.36', '1.37']],
    ['float', { type: 'number', format: 'float' }, 1e39, ['1.36', '1.37']],
    ['hundredths', { type: 'number', multipleOf: 0.01 }, 0.29, ['1.35', '1.36']],
  ])(
    '%s: a number that does not fit is refused by some versions',
    async (_title, schema, value, refusing) => {
      const properties = { value: schema };
      const definition = {
        ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
        metadata: { name: 'things.a.example' },
        spec: {
          ...{ group: 'a.example', scope: 'Namespaced', names: { plural: 'things', kind: 'Thing' } },
          versions: [
            {
              ...{ name: 'v1', served: true, storage: true },
              schema: { openAPIV3Schema: { type: 'object', properties } },
            },
          ],
        },
      } as unknown as KubernetesObject;
      const object: KubernetesObject = {
        ...{ apiVersion: 'a.example/v1', kind: 'Thing', metadata: { name: 'a' } },
        value,
      };
      const found: string[] = [];
      for (const kubernetesVersion of ['1.35', '1.36', '1.37']) {
        const request = { policies: [], packs: [], kubernetesVersion, namespace: 'shop' };
        const findings = await check({ objects: [{ object }], customResources: [definition], ...request });
        if (findings.some(({ pointer }) => pointer === '/value')) found.push(kubernetesVersion);
      }
      expect(found).toEqual(refusing);
    },
  );
});
