import { beforeAll, describe, expect, it } from '@jest/globals';
import { TESTED_KUBERNETES, useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { minorOf } from '../src/schemas/built-in.ts';
import { compareObjects, openNamespace } from './support/compare-objects.ts';

const NAMESPACE = 'random-objects';
/** What packages/policy/tools/parity.ts does for as long as one likes, done for a moment. */
const COUNT = 300;

describe.each(TESTED_KUBERNETES)('Kubernetes %s', version => {
  const cluster = useCluster({ kubernetes: version });
  const server = useApiServer(() => cluster.kubeconfig);

  beforeAll(async () => {
    await openNamespace(server, NAMESPACE);
  }, 600_000);

  it.each([1, 2])(
    'no changed object of seed %d is an error here that server-side apply takes, and most that it refuses are',
    async seed => {
      const against = { server, namespace: NAMESPACE, minor: minorOf(version) };
      const { comparisons, refused, found, differences } = await compareObjects(seed, COUNT, against);
      expect(differences).toEqual([]);
      expect(refused / comparisons).toBeGreaterThan(0.3);
      expect(refused / comparisons).toBeLessThan(0.9);
      expect(found / refused).toBeGreaterThan(0.9);
    },
  );
});
