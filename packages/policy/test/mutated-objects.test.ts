import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parsePack } from '@slipway/core';
import { isKubernetesObject, type KubernetesObject } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import { check } from '../src/index.ts';
import { originals } from './support/compare-policies.ts';
import { opened, ruled, shapes, statused } from './support/custom-resources.ts';
import { mutate } from './support/mutate.ts';
import { documentOf } from './support/parity.ts';

const COUNT = 250;
const PACKS = ['workloads', 'pod-security/restricted', 'references'].map(parsePack);

const fixtures = ['objects.yaml', 'required.yaml'].flatMap(name =>
  parseDocuments(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8'), name).flatMap(
    ({ value }) => (isKubernetesObject(value) ? [value] : []),
  ),
);
const custom: readonly KubernetesObject[] = [
  {
    apiVersion: 'test.slipway.dev/v1',
    kind: 'Shape',
    metadata: { name: 'a' },
    spec: { size: 1, list: [{ key: 'a' }] },
  },
  {
    apiVersion: 'test.slipway.dev/v1',
    kind: 'Ruled',
    metadata: { name: 'a' },
    spec: { items: [{ key: 'a' }] },
  },
  {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'a' },
    spec: { secretName: 'a' },
  },
];
/** Objects that refer to others. */
const neighbours = fixtures.filter(({ metadata }) => ['s', 'p', 'i', 'np'].includes(metadata.name));
const definitions = [shapes, ruled, statused, opened];

async function judge(
  objects: readonly KubernetesObject[],
  rules: readonly KubernetesObject[],
): Promise<void> {
  await check({
    objects: objects.map(object => ({ object })),
    policies: rules.map(documentOf),
    packs: PACKS,
    kubernetesVersion: '1.36',
    namespace: 'shop',
  });
}

/** Those that a check does not survive, with the reason. */
async function broken(
  objects: readonly KubernetesObject[],
  use: (object: KubernetesObject) => Promise<void>,
) {
  const found: string[] = [];
  for (const object of objects)
    await use(object).catch((error: unknown) => found.push(`${String(error)}: ${JSON.stringify(object)}`));
  return found;
}

it.each([1, 2])('mutated objects of seed %d end in findings, whatever is empty in them', async seed => {
  // A manifest without a name is not an object, and is reported when it is read.
  const objects = mutate(seed, COUNT, [...fixtures, ...custom]).filter(isKubernetesObject);
  expect(await broken(objects, object => judge([object, ...neighbours], [shapes, ruled]))).toEqual([]);
});

it.each([1, 2])('mutated definitions and policies of seed %d do so too', async seed => {
  const rules = mutate(seed, COUNT, [...definitions, ...originals]).filter(isKubernetesObject);
  expect(await broken(rules, rule => judge([...custom, ...fixtures.slice(0, 3)], [rule]))).toEqual([]);
});
