import { beforeAll, describe, expect, it } from '@jest/globals';
import { TESTED_KUBERNETES, useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { minorOf } from '../src/schemas/built-in.ts';
import { compareCustomResources, compareDefinitions } from './support/compare-definitions.ts';
import { openNamespace } from './support/compare-objects.ts';

/** What packages/policy/tools/parity.ts does for as long as one likes, done for a moment. */
const DEFINITIONS = 300;
const KINDS = 15;
const OBJECTS = 20;
const NAMESPACE = 'random-definitions';
/** Another one in each run, so that the runs of a year look at much; the names of the tests say which. */
const ANY_SEED = 1000 + Math.floor(Math.random() * 1_000_000);

describe.each(TESTED_KUBERNETES)('Kubernetes %s', version => {
  const cluster = useCluster({ kubernetes: version });
  const server = useApiServer(() => cluster.kubeconfig);
  const against = { server, namespace: NAMESPACE, minor: minorOf(version) };

  beforeAll(async () => {
    await openNamespace(server, NAMESPACE);
  }, 600_000);

  it.each([1, 2])('definitions of seed %d are errors here where the server refuses them', async seed => {
    const { comparisons, refused, differences } = await compareDefinitions(seed, DEFINITIONS, against);
    expect(differences).toEqual([]);
    expect(refused / comparisons).toBeGreaterThan(0.3);
    expect(refused / comparisons).toBeLessThan(0.9);
  });

  it.each([1, 2])(
    'objects of definitions of seed %d are errors here where the server refuses them',
    async seed => {
      const { comparisons, refused, differences } = await compareCustomResources(
        seed,
        KINDS,
        OBJECTS,
        against,
      );
      expect(differences).toEqual([]);
      expect(comparisons).toBeGreaterThan((KINDS * OBJECTS) / 3);
      expect(refused / comparisons).toBeGreaterThan(0.3);
      expect(refused / comparisons).toBeLessThan(0.9);
    },
  );

  it.each([ANY_SEED])('so are definitions and objects of a seed that no one chose: %d', async seed => {
    const definitions = await compareDefinitions(seed, DEFINITIONS, against);
    const objects = await compareCustomResources(seed, KINDS, OBJECTS, against);
    expect([...definitions.differences, ...objects.differences]).toEqual([]);
  });
});
