import { beforeAll, describe, expect, it } from '@jest/globals';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { defineLists } from './support/define-lists.ts';
import { deployChanges } from './support/deploy-changes.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

beforeAll(async () => {
  await defineLists(client);
}, 600_000);

describe('a list of each kind that changes at random', () => {
  /** What packages/release/tools/random-changes.ts does for as long as one likes, done for a moment. */
  it('is said, written and live alike, and unchanged the second time', async () => {
    const { changes, written, unchanged, differences } = await deployChanges(client, {
      seed: 3,
      rounds: 4,
      namespace: 'random-lists',
    });
    expect(differences).toEqual([]);
    expect(changes).toBeGreaterThan(100);
    expect([written > 50, unchanged > 20]).toEqual([true, true]);
  });
});
