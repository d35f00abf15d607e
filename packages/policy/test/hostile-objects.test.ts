import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import {
  isJsonObject,
  type JsonValue,
  makeReport,
  type Path,
  parsePack,
  parseReport,
  valueAt,
} from '@slipway/core';
import { isKubernetesObject, type KubernetesObject } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import fc from 'fast-check';
import { check } from '../src/index.ts';
import { validateAccess } from '../src/server-validation/access.ts';
import { validateWords } from '../src/server-validation/allowed-values.ts';
import { duplicateItems } from '../src/server-validation/duplicates.ts';
import { validateIngresses } from '../src/server-validation/ingresses.ts';
import { validateJobs } from '../src/server-validation/jobs.ts';
import { validateMetadata } from '../src/server-validation/metadata.ts';
import { validateNetworkPolicies } from '../src/server-validation/network-policies.ts';
import { validateNumbers } from '../src/server-validation/numbers.ts';
import { validatePods } from '../src/server-validation/pods.ts';
import { validateScaling } from '../src/server-validation/scaling.ts';
import { validateSelectors } from '../src/server-validation/selectors.ts';
import { validateServices } from '../src/server-validation/services.ts';
import { validateSizes } from '../src/server-validation/sizes.ts';
import { validateStorage } from '../src/server-validation/storage.ts';
import { validateWorkloads } from '../src/server-validation/workloads.ts';

const fixtures = ['objects.yaml', 'required.yaml', 'valid.yaml'].flatMap(name =>
  parseDocuments(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8'), name).flatMap(
    ({ value }) => (isKubernetesObject(value) ? [value] : []),
  ),
);

const VALIDATIONS = {
  validateAccess,
  validateWords,
  validateIngresses,
  validateJobs,
  validateMetadata,
  validateNetworkPolicies,
  validateNumbers,
  validatePods,
  validateScaling,
  validateSelectors,
  validateServices,
  validateSizes,
  validateStorage,
  validateWorkloads,
  duplicates: (object: KubernetesObject) => duplicateItems(object, object),
};

function nested(depth: number): JsonValue {
  let value: JsonValue = 'x';
  for (let level = 0; level < depth; level++)
    value = level % 2 === 0 ? [value] : { containers: value, name: 'x' };
  return value;
}

const ITEM: JsonValue = {
  name: 'a',
  port: 80,
  key: 'a',
  containerPort: 80,
  mountPath: '/',
  path: 'x',
  kind: 'User',
};
const TEXT =
  '\u001b[31m\u202e::error::x\n| <img src=x> [a](javascript:b) `c` ${{ secrets.A }} \u0000\ud800'.repeat(200);

/** What no author means: values of wrong types, long lists, deep maps, and text that would act where it is shown. */
const HOSTILE: readonly JsonValue[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    2n ** 63n,
    '',
    ' ',
    TEXT,
    '9'.repeat(5000),
    `1e${'9'.repeat(300)}`,
  ],
  ...[[], {}, [null], [[]], [{}], { '': null }, nested(90), Array(300).fill(ITEM), Array(300).fill(null)],
  Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${TEXT.slice(0, 60)}${index}`, ITEM])),
  JSON.parse('{"__proto__": {"name": "a"}, "constructor": [], "toString": 1}'),
];

/** The path of every value of an object but those without which it is not one. */
function pathsOf(value: JsonValue, path: Path = []): Path[] {
  const below = Array.isArray(value)
    ? value.flatMap((item: JsonValue, index) => pathsOf(item, [...path, index]))
    : isJsonObject(value)
      ? Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))
      : [];
  return path.length === 0 ? below : [path, ...below];
}

const IDENTITY = new Set(['apiVersion', 'kind', 'metadata', 'metadata/name']);

const hostileObject = fc
  .tuple(
    fc.constantFrom(...fixtures),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...HOSTILE)), { minLength: 1, maxLength: 3 }),
  )
  .map(([fixture, changes]) => {
    const object = structuredClone(fixture);
    for (const [at, value] of changes) {
      const paths = pathsOf(object).filter(path => !IDENTITY.has(path.join('/')));
      const path = paths[at % paths.length];
      if (path === undefined) continue;
      const parent = valueAt(object, path.slice(0, -1)) as unknown as Record<string | number, JsonValue>;
      parent[path.at(-1) ?? ''] = structuredClone(value);
    }
    return object;
  });

it('hostile values anywhere in an object end in findings of bounded size that a report can hold', async () => {
  await fc.assert(
    fc.asyncProperty(hostileObject, async object => {
      const packs = ['workloads', 'references', 'pod-security/restricted'].map(parsePack);
      const request = { policies: [], packs, kubernetesVersion: '1.36', namespace: 'shop' };
      const findings = await check({ ...request, objects: [{ object }] });
      parseReport(JSON.stringify(makeReport(findings, 1)), 'report.json');
      for (const { message, fix = '' } of findings) {
        expect(message.length).toBeLessThanOrEqual(1001);
        expect(fix.length).toBeLessThanOrEqual(1001);
        expect(message + fix).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      }
    }),
    { seed: 7, numRuns: 150 },
  );
});

it.each(Object.entries(VALIDATIONS))(
  'no value of any type breaks %s, though the schema finds it first',
  (_name, validate) => {
    fc.assert(
      fc.property(hostileObject, object => {
        for (const { message } of validate(object, { minor: 36 })) expect(typeof message).toBe('string');
      }),
      { seed: 8, numRuns: 200 },
    );
  },
);

it('a list with hundreds of thousands of equal items has a finding for each but the first', () => {
  const count = 300_000;
  const object: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', finalizers: new Array<string>(count).fill('acme.io/one') },
  };
  expect(duplicateItems(object, object)).toHaveLength(count - 1);
});
