import { describe, expect, it } from '@jest/globals';
import { TESTED_KUBERNETES, useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { minorOf } from '../src/schemas/built-in.ts';
import { comparePolicies } from './support/compare-policies.ts';

/** What packages/policy/tools/parity.ts does for as long as one likes, done for a moment. */
const COUNT = 500;

describe.each(TESTED_KUBERNETES)('Kubernetes %s', version => {
  const cluster = useCluster({ kubernetes: version });
  const server = useApiServer(() => cluster.kubeconfig);

  it.each([1, 2])(
    'mutated policies and bindings of seed %d are refused here where the API server refuses them',
    async seed => {
      const against = { server, minor: minorOf(version) };
      const { refused, comparisons, differences } = await comparePolicies(seed, COUNT, against);
      expect(differences).toEqual([]);
      expect(refused / comparisons).toBeGreaterThan(0.3);
      expect(refused / comparisons).toBeLessThan(0.9);
    },
  );
});
