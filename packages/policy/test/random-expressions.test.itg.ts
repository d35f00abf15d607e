import { describe, expect, it } from '@jest/globals';
import { TESTED_KUBERNETES, useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { minorOf } from '../src/schemas/built-in.ts';
import { compareExpressions } from './support/compare-expressions.ts';
import { generateExpressions } from './support/generate.ts';

const NAMESPACE = 'random';
/** What packages/policy/tools/parity.ts does for as long as one likes, done for a moment. */
const COUNT = 250;

describe.each(TESTED_KUBERNETES)('Kubernetes %s', version => {
  const cluster = useCluster({ kubernetes: version });
  const server = useApiServer(() => cluster.kubeconfig, NAMESPACE);

  it.each([21, 24])('expressions of seed %d give here what they give on the API server', async seed => {
    const expressions = generateExpressions(seed, COUNT);
    const against = { server, namespace: NAMESPACE, minor: minorOf(version) };
    const { comparisons, differences } = await compareExpressions(expressions, against);
    expect(differences).toEqual([]);
    expect(comparisons).toBeGreaterThan(COUNT * 1.5);
  });
});
