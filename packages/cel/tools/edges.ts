/**
 * Compares calls with values at the edges here and by the API server's own libraries, for as long as one likes:
 * `node --conditions=slipway-source packages/cel/tools/edges.ts --seed 1 --count 20000 --kubernetes 1.36`
 */
import { parseArgs } from 'node:util';
import { compareEdges, randomEdges } from '../test/support/compare-edges.ts';

const CHUNK = 5000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '20000' },
    kubernetes: { type: 'string', default: '1.36' },
  },
});
const minor = Number(values.kubernetes.split('.')[1]);
const total = { compared: 0, failed: 0, differences: 0 };
for (let done = 0; done < Number(values.count); done += CHUNK) {
  const sources = randomEdges(
    Number(values.seed) + done / CHUNK,
    Math.min(CHUNK, Number(values.count) - done),
  );
  const { compared, failed, differences } = await compareEdges(sources, minor);
  for (const { source, here, server } of differences)
    console.log(`${source}\n  here    ${here}\n  server  ${server}`);
  total.compared += compared;
  total.failed += failed;
  total.differences += differences.length;
}
console.log(`${total.compared} expressions: ${total.failed} fail, ${total.differences} differ`);
if (total.differences > 0) process.exitCode = 1;
