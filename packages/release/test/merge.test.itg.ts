import { beforeAll, describe, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { compareMerges } from './support/compare-merges.ts';
import { defineLists } from './support/define-lists.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

beforeAll(async () => {
  await toolPath('server-side-apply');
  await defineLists(client);
}, 600_000);

describe('the local merge', () => {
  /** What packages/release/tools/random-changes.ts does for as long as one likes, done for a moment. */
  it('gives what the field manager of the API server gives, for random lists and owners', async () => {
    const { compared, differences, proven, equal } = await compareMerges(client, { seed: 7, count: 1_500 });
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(1_000);
    // Most of what does not change is known without a dry run.
    expect(proven / equal).toBeGreaterThan(0.6);
  });
});
