import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { useCluster } from '@slipway/testbed/jest';
import { type ApiServer, openApiServer } from '@slipway/testkit/cluster';
import { comparePolicies } from './support/compare-policies.ts';

const cluster = useCluster();

/** What packages/policy/tools/parity.ts does for as long as one likes, done for a moment. */
const COUNT = 500;

let server: ApiServer;

beforeAll(() => {
  server = openApiServer(cluster.kubeconfig);
}, 600_000);

afterAll(() => server.stop());

it.each([1, 2])(
  'mutated policies and bindings of seed %d are refused here where the API server refuses them',
  async seed => {
    const { refused, comparisons, differences } = await comparePolicies(seed, COUNT, { server, minor: 36 });
    expect(differences).toEqual([]);
    expect(refused / comparisons).toBeGreaterThan(0.3);
    expect(refused / comparisons).toBeLessThan(0.9);
  },
);
