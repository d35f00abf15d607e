/**
 * Compares how random Dockerfiles are read here and by BuildKit, for as long as one likes:
 * `node --conditions=slipway-source packages/build/tools/dockerfiles.ts --seed 1 --count 20000`
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { compareDockerfiles } from '../test/support/compare-dockerfiles.ts';
import { dockerfiles } from '../test/support/random-dockerfiles.ts';

const CHUNK = 2000;

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '20000' } },
});
const count = Number(values.count);
const total = { refused: 0, known: 0, differences: 0 };
for (let done = 0; done < count; done += CHUNK) {
  const questions = fc.sample(dockerfiles, {
    seed: Number(values.seed) + done / CHUNK,
    numRuns: Math.min(CHUNK, count - done),
  });
  const { differences, refused, known } = await compareDockerfiles(questions);
  for (const difference of differences) console.log(JSON.stringify(difference, null, 1));
  total.refused += refused;
  total.known += known;
  total.differences += differences.length;
}
const { refused, known, differences } = total;
console.log(
  `${count} Dockerfiles: BuildKit refuses ${refused}, ${known} are known here, ${differences} differ`,
);
if (differences > 0) process.exitCode = 1;
