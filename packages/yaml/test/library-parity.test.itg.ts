import { beforeAll, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import { compareReading, compareWriting } from './support/compare-yaml.ts';

/** What packages/yaml/tools/parity.ts does for as long as one likes, done for a moment. */
const COUNT = 20_000;

beforeAll(() => toolPath('yaml'));

it('random scalars and keys are read as by the library that Kubernetes reads YAML with', async () => {
  const { compared, refused, differences } = await compareReading(1, COUNT);
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(COUNT * 0.8);
  expect(refused / compared).toBeGreaterThan(0.3);
  expect(refused / compared).toBeLessThan(0.7);
});

it('random texts and numbers, once they are written, are read by that library as they were', async () => {
  const { compared, differences } = await compareWriting(2, COUNT);
  expect(differences).toEqual([]);
  expect(compared).toBe(COUNT);
});
