import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseJson } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { TESTED_KUBERNETES, useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { until } from '@slipway/testkit/cluster';
import { check } from '../src/index.ts';
import { minorOf } from '../src/schemas/built-in.ts';
import { compareExpressions } from './support/compare-expressions.ts';

const NAMESPACE = 'versions';

/** Fields of a custom resource whose numbers have a format, or are multiples. */
const FORMATS = {
  float: { type: 'number', format: 'float' },
  double: { type: 'number', format: 'double' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  otherwise: { type: 'number', format: 'int32' },
  hundredths: { type: 'number', multipleOf: 0.01 },
  tenths: { type: 'number', multipleOf: 0.1 },
} as const;

const definition: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'numbers.versions.slipway.dev' },
  spec: {
    group: 'versions.slipway.dev',
    scope: 'Namespaced',
    names: { plural: 'numbers', singular: 'number', kind: 'Number', listKind: 'NumberList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: FORMATS } },
          },
        },
      },
    ],
  },
};

const VALUES = [
  ...['1e39', '3.4028235e38', '3.4028236e38', '3000000000', '-2147483648', '-2147483649'],
  ...['9007199254740991', '0.29', '-0.29', '0.295', '0.07', '4.35', '1.1', '1e-12', '123456789.07'],
];

const numbers = Object.keys(FORMATS).flatMap(field =>
  VALUES.map(value => {
    const spec = `{"${field}":${value}}`;
    const head = '"apiVersion":"versions.slipway.dev/v1","kind":"Number","metadata":{"name":"a"}';
    return [`${value} in ${field}`, parseJson(`{${head},"spec":${spec}}`) as KubernetesObject] as const;
  }),
);

const cpu = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};
const queue = {
  type: 'External',
  external: { metric: { name: 'queue' }, target: { type: 'Value', value: '1' } },
};

const autoscaler = (apiVersion: string, spec: object): KubernetesObject =>
  ({
    apiVersion,
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'a' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' },
      maxReplicas: 3,
      ...spec,
    },
  }) as never;

const autoscalers = Object.entries({
  'to zero by a queue': autoscaler('autoscaling/v2', { minReplicas: 0, metrics: [cpu, queue] }),
  'to zero by the processors': autoscaler('autoscaling/v2', { minReplicas: 0, metrics: [cpu] }),
  'to zero without metrics': autoscaler('autoscaling/v2', { minReplicas: 0 }),
  'to zero in the old version': autoscaler('autoscaling/v1', { minReplicas: 0 }),
  'to one by a queue': autoscaler('autoscaling/v2', { minReplicas: 1, metrics: [queue] }),
  'to less than nothing': autoscaler('autoscaling/v2', { minReplicas: -1, metrics: [queue] }),
});

/** Expressions whose values changed with the libraries, as texts. */
const expressions = [
  ...["'abc'.indexOf('', -1)", "'abc'.indexOf('', 9)", "'abc'.indexOf('', 2)", "'é𝄞'.indexOf('', 3)"],
  ...["'abc'.lastIndexOf('', -1)", "'abc'.lastIndexOf('', 9)", "'abc'.lastIndexOf('')"],
  ...[
    'lists.range(object.spec.replicas - 9).size()',
    'lists.range(object.spec.replicas).size()',
    'object.spec.replicas.orValue(1)',
    'object.spec.`replicas`',
    'has(object.metadata.labels.`a.b/c-d`)',
    'object.metadata.?labels.`app`.orValue("")',
  ],
].map(source => `string(${source})`);

describe.each(TESTED_KUBERNETES)('Kubernetes %s', kubernetesVersion => {
  const cluster = useCluster({ kubernetes: kubernetesVersion });
  const server = useApiServer(() => cluster.kubeconfig, NAMESPACE);

  beforeAll(async () => {
    await server.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    await until(
      async () => (await server.send('GET', pathOf('versions.slipway.dev/v1', 'numbers'))).status === 200,
    );
  }, 600_000);

  function pathOf(apiVersion: string, plural: string): string {
    return `/apis/${apiVersion}/namespaces/${NAMESPACE}/${plural}`;
  }

  async function compare(object: KubernetesObject, plural: string): Promise<void> {
    const path = `${pathOf(object.apiVersion, plural)}/a?dryRun=All&fieldManager=versions`;
    const { status, body } = await server.send('PATCH', path, object, 'application/apply-patch+yaml');
    const found = await check({
      objects: [{ object }],
      ...{ policies: [], packs: [], customResources: [definition], kubernetesVersion, namespace: NAMESPACE },
    });
    const own = found.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    expect([own.length > 0, own, body.message]).toEqual([status >= 300, own, body.message]);
  }

  it.each(numbers)('%s is an error exactly if server-side apply refuses it', (_title, object) =>
    compare(object, 'numbers'),
  );

  it.each(autoscalers)(
    'an autoscaler %s is an error exactly if server-side apply refuses it',
    (_title, object) => compare(object, 'horizontalpodautoscalers'),
  );

  it('expressions give what they give on the API server', async () => {
    const minor = minorOf(kubernetesVersion);
    const setting = { server, namespace: NAMESPACE, minor };
    const { comparisons, differences } = await compareExpressions(expressions, setting);
    expect(differences).toEqual([]);
    expect(comparisons).toBeGreaterThan(expressions.length);
  });
});
