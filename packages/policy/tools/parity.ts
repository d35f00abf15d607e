/**
 * Compares random input here and on the testbed's API server, for as long as one likes:
 * `node --conditions=slipway-source packages/policy/tools/parity.ts --what policies --count 10000 --seed 1 --kubernetes 1.36`
 */
import { parseArgs } from 'node:util';
import { startTestbed } from '@slipway/testbed';
import { type ApiServer, openApiServer } from '@slipway/testkit/cluster';
import { compareCustomResources, compareDefinitions } from '../test/support/compare-definitions.ts';
import { compareExpressions } from '../test/support/compare-expressions.ts';
import { compareObjects, openNamespace } from '../test/support/compare-objects.ts';
import { comparePolicies } from '../test/support/compare-policies.ts';
import { generateExpressions } from '../test/support/generate.ts';

const CHUNK = 500;
const NAMESPACE = 'parity';

interface Comparison {
  readonly comparisons: number;
  /** How many the API server refused, where that is counted. */
  readonly refused?: number;
  /** How many of those are errors here, where that is counted; what the others were refused for. */
  readonly found?: number;
  readonly missed?: ReadonlyMap<string, number>;
  readonly differences: readonly unknown[];
}

type Compare = (seed: number, server: ApiServer, minor: number) => Promise<Comparison>;

/** Objects of each definition, of which a chunk has one tenth of the usual number. */
const OBJECTS = 100;

const kinds: Readonly<Record<string, Compare>> = {
  'custom-resources': (seed, server, minor) =>
    compareCustomResources(seed, CHUNK / OBJECTS, OBJECTS, { server, namespace: NAMESPACE, minor }),
  definitions: (seed, server, minor) =>
    compareDefinitions(seed, CHUNK, { server, namespace: NAMESPACE, minor }),
  expressions: (seed, server, minor) =>
    compareExpressions(generateExpressions(seed, CHUNK), { server, namespace: NAMESPACE, minor }),
  objects: (seed, server, minor) => compareObjects(seed, CHUNK, { server, namespace: NAMESPACE, minor }),
  policies: (seed, server, minor) => comparePolicies(seed, CHUNK, { server, minor }),
};

const { values } = parseArgs({
  options: {
    what: { type: 'string', default: 'expressions' },
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    kubernetes: { type: 'string', default: '1.36' },
  },
});
const compare = kinds[values.what];
if (compare === undefined) throw new Error(`--what must be one of ${Object.keys(kinds).join(', ')}`);
const testbed = await startTestbed({ parts: ['cluster'], kubernetes: values.kubernetes });
const server = openApiServer(testbed.cluster?.kubeconfig ?? '');
const minor = Number(values.kubernetes.split('.')[1]);
const total = { comparisons: 0, refused: 0, found: 0, differences: 0 };
const missed = new Map<string, number>();
try {
  await openNamespace(server, NAMESPACE);
  const first = Number(values.seed);
  for (let chunk = 0; chunk * CHUNK < Number(values.count); chunk++) {
    const result = await compare(first + chunk, server, minor);
    const { comparisons, refused = 0, found = 0, differences } = result;
    total.found += found;
    for (const [message, times] of result.missed ?? [])
      missed.set(message, (missed.get(message) ?? 0) + times);
    total.comparisons += comparisons;
    total.refused += refused;
    total.differences += differences.length;
    for (const difference of differences) console.log(JSON.stringify(difference, null, 2));
    console.log(`seed ${first + chunk}: ${JSON.stringify(total)}`);
  }
  for (const [message, times] of [...missed].sort((one, other) => other[1] - one[1]))
    console.log(`missed ${times}: ${message}`);
} finally {
  server.stop();
  await testbed.stop();
}
process.exitCode = total.differences === 0 ? 0 : 1;
