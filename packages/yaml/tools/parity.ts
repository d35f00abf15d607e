/**
 * Compares random scalars and keys as they are read and written here with the library that Kubernetes reads YAML with, for as long as
 * one likes: `node --conditions=slipway-source packages/yaml/tools/parity.ts --seed 1 --count 100000`
 */
import { parseArgs } from 'node:util';
import { compareReading, compareWriting } from '../test/support/compare-yaml.ts';

const CHUNK = 10_000;

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '100000' } },
});
for (const [name, compare] of Object.entries({ read: compareReading, written: compareWriting })) {
  const total = { compared: 0, refused: 0, differences: 0 };
  for (let done = 0; done < Number(values.count); done += CHUNK) {
    const count = Math.min(CHUNK, Number(values.count) - done);
    const { compared, refused, differences } = await compare(Number(values.seed) + done / CHUNK, count);
    for (const { document, here, library } of differences)
      console.log(`${JSON.stringify(document)}\n  here     ${here}\n  library  ${library}`);
    total.compared += compared;
    total.refused += refused;
    total.differences += differences.length;
  }
  console.log(`${name}: ${JSON.stringify(total)}`);
  if (total.differences > 0) process.exitCode = 1;
}
