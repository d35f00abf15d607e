import { describe, expect, it } from '@jest/globals';
import { useOpenCluster } from './cluster.ts';
import { countWrites, SCENARIOS, type Surroundings, tryKill } from './kill-points.ts';

/** The program in bench/ tries every write; here each scenario dies at this many of them, spread over all. */
const POINTS = 2;

const cluster = useOpenCluster();

const surroundings = (lock: Surroundings['lock']): Surroundings => ({
  client: cluster.client,
  kubeconfig: cluster.kubeconfig,
  directory: cluster.testbed.directory,
  lock,
});

describe('a process that is killed', () => {
  it.each(SCENARIOS.map(scenario => [scenario.name, scenario] as const))(
    'in the middle of a %s leaves what the next run puts right',
    async (_name, scenario) => {
      const writes = await countWrites(scenario, surroundings('expire'));
      expect(writes).toBeGreaterThan(5);
      const points = Array.from({ length: POINTS }, (_, index) =>
        Math.ceil(((index + 0.5) * writes) / POINTS),
      );
      const faults = await Promise.all(points.map(at => tryKill(scenario, surroundings('expire'), at)));
      expect(faults.flat()).toEqual([]);
    },
  );
});
