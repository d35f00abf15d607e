import { expect, it } from '@jest/globals';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { runPair } from './lock-pairs.ts';

/** A twentieth of the real one. */
const LEASE = 1_500;

const cluster = useCluster();
const direct = useClient(() => cluster.kubeconfig);

it.each([[[1, 2, 3]], [[4, 5, 6]]])(
  'after two runs through faults (seeds %j), every object is as the record of the last release says',
  async seeds => {
    const { kubeconfig } = cluster;
    const results = await Promise.all(seeds.map(seed => runPair({ kubeconfig, direct, seed, lease: LEASE })));
    expect(results.map(({ differences }) => differences)).toEqual(seeds.map(() => []));
    expect(results.map(({ counts }) => Object.keys(counts).length)).not.toContain(0);
  },
  600_000,
);
