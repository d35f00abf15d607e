import { expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { finderOf } from '../src/server-validation/rows.ts';

const find = finderOf(
  {
    'Deployment.apps': [
      ['spec/replicas', 'replicas'],
      ['spec/template/spec/containers/*/name', 'own'],
      ['spec/missing/field', 'missing'],
    ],
  },
  [
    ['containers/*/ports/*/name', 'port'],
    ['containers/*/name', 'name'],
    ['containers/*/ports', 'ports'],
  ],
);

const containers = [
  { name: 'a', ports: [{ name: 'x' }, {}, { name: 'y' }] },
  'not a container',
  { name: 'b' },
];

it('the values that rows are about come in the order of the rows, and of the items of a list', () => {
  const deployment: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api' },
    spec: { template: { spec: { containers } }, replicas: 2 },
  };
  expect(find(deployment).map(([{ path }, rule]) => `${rule} ${path.join('/')}`)).toEqual([
    'replicas spec/replicas',
    'own spec/template/spec/containers/0/name',
    'own spec/template/spec/containers/2/name',
    'port spec/template/spec/containers/0/ports/0/name',
    'port spec/template/spec/containers/0/ports/2/name',
    'name spec/template/spec/containers/0/name',
    'name spec/template/spec/containers/2/name',
    'ports spec/template/spec/containers/0/ports',
  ]);
});

it('a kind without rows and without pods has none', () => {
  expect(find({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })).toEqual([]);
});
