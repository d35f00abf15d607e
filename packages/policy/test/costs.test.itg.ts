import { beforeAll, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { createAll, policyWarnings, until } from '@slipway/testkit/cluster';
import { bindingOf, ownMessages, policyNamed } from './support/parity.ts';

const cluster = useCluster();

const NAMESPACE = 'costs';
const MOST = 1000;
const SENTINEL = 'the sentinel speaks';
/** How much longer a list has to be before the API server finds it too dear as well. */
const CLOSE = 1.15;

/** Expressions that get dearer with the length of a text. */
const shapes: Readonly<Record<string, string>> = {
  all: "variables.l.all(a, variables.l.all(b, a != 'z' && b != 'z'))",
  map: 'variables.l.map(a, variables.l.map(b, a + b)).size() >= 0',
  filter: 'variables.l.filter(a, variables.l.filter(b, a == b).size() > 0).size() >= 0',
  twovar: 'variables.l.all(i, a, variables.l.all(j, b, i >= 0 && j >= 0))',
  distinct: 'variables.l.all(a, variables.l.distinct().size() >= 0)',
  sort: 'variables.l.all(a, variables.l.sort().size() >= 0)',
  list: 'variables.l.all(a, variables.l.all(b, [a, b].size() == 2))',
};

const server = useApiServer(() => cluster.kubeconfig);

const policies = new Map(
  Object.entries(shapes).map(([shape, expression]) => {
    const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] };
    const name = nameOf(shape);
    const spec = {
      matchConstraints: { resourceRules: [rule], objectSelector: { matchLabels: { shape: name } } },
      variables: [{ name: 'l', expression: "object.data.text.split('')" }],
      validations: [{ expression }, { expression: 'false', message: SENTINEL }],
    };
    return [shape, [policyNamed(name, spec), bindingOf(name)]] as const;
  }),
);

beforeAll(async () => {
  const namespace: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  await createAll(server, [namespace, ...[...policies.values()].flat()]);
  for (const shape of policies.keys())
    await until(async () => (await serverWarnings(shape, 1)).includes(SENTINEL));
}, 600_000);

function nameOf(shape: string): string {
  return `cost-${shape.toLowerCase().replaceAll('_', '-')}`;
}

function configMap(shape: string, length: number): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'one', namespace: NAMESPACE, labels: { shape: nameOf(shape) } },
    data: { text: 'x'.repeat(length) },
  };
}

async function serverWarnings(shape: string, length: number): Promise<string[]> {
  const path = `/api/v1/namespaces/${NAMESPACE}/configmaps?dryRun=All`;
  return policyWarnings((await server.send('POST', path, configMap(shape, length))).warnings);
}

const isTooDear = (warnings: readonly string[]): boolean => warnings.some(text => text.includes('cost'));

/** The shortest text for which it is too dear here. */
async function ownLimit(shape: string): Promise<number> {
  let [low, high] = [1, MOST];
  while (low < high) {
    const middle = (low + high) >> 1;
    const own = await ownMessages(configMap(shape, middle), policies.get(shape) ?? [], NAMESPACE, '1.36');
    if (isTooDear(own)) high = middle;
    else low = middle + 1;
  }
  return low;
}

it.each(Object.keys(shapes))(
  'what is not too dear here is not too dear for the API server, and hardly more is: %s',
  async shape => {
    const limit = await ownLimit(shape);
    expect(limit).toBeLessThan(MOST);
    const below = await serverWarnings(shape, limit - 1);
    const above = await serverWarnings(shape, Math.ceil(limit * CLOSE));
    expect([limit, isTooDear(below), isTooDear(above)]).toEqual([limit, false, true]);
  },
);
