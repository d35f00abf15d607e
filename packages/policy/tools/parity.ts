/**
 * Compares random expressions here and on the testbed's API server, for as long as one likes:
 * `node --conditions=slipway-source packages/policy/tools/parity.ts --count 10000 --seed 1 --kubernetes 1.36`
 */
import { parseArgs } from 'node:util';
import { startTestbed } from '@slipway/testbed';
import { openApiServer } from '../test/support/api-server.ts';
import { compareExpressions } from '../test/support/compare-expressions.ts';
import { generateExpressions } from '../test/support/generate.ts';
import { createAll } from '../test/support/parity.ts';

const CHUNK = 500;
const NAMESPACE = 'parity';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    kubernetes: { type: 'string', default: '1.36' },
  },
});
const testbed = await startTestbed({ parts: ['cluster'], kubernetes: values.kubernetes });
const server = openApiServer(testbed.cluster?.kubeconfig ?? '');
const minor = Number(values.kubernetes.split('.')[1]);
let comparisons = 0;
let differences = 0;
try {
  await createAll(server, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
  const first = Number(values.seed);
  for (let chunk = 0; chunk * CHUNK < Number(values.count); chunk++) {
    const expressions = generateExpressions(first + chunk, CHUNK);
    const result = await compareExpressions(expressions, { server, namespace: NAMESPACE, minor });
    comparisons += result.comparisons;
    differences += result.differences.length;
    for (const difference of result.differences) console.log(JSON.stringify(difference, null, 2));
    console.log(`seed ${first + chunk}: ${comparisons} comparisons, ${differences} differences`);
  }
} finally {
  server.stop();
  await testbed.stop();
}
process.exitCode = differences === 0 ? 0 : 1;
