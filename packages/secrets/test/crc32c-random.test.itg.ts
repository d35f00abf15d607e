import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { libraryPath } from '@slipway/testbed';
import fc from 'fast-check';
import { crc32c } from '../src/clouds/google/crc32c.ts';

const SEED = 20_261_129;
/** How many, and of how many bytes: most of Secret Manager's values are short, and the longest has 64 KiB. */
const SAMPLES = [
  [500, 64],
  [20, 64 * 1024],
] as const;

/** Google's own library, which is written in C. */
const SCRIPT = `
import base64, json, sys
import google_crc32c

assert google_crc32c.implementation == 'c', google_crc32c.implementation
print(json.dumps([google_crc32c.value(base64.b64decode(one)) for one in json.load(sys.stdin)]))
`;

async function checksumsByGoogle(values: readonly Uint8Array[]): Promise<number[]> {
  const env = { PATH: process.env['PATH'], PYTHONPATH: await libraryPath('google_crc32c') };
  const running = promisify(execFile)('python3', ['-c', SCRIPT], { env });
  running.child.stdin?.end(JSON.stringify(values.map(value => Buffer.from(value).toString('base64'))));
  return JSON.parse((await running).stdout) as number[];
}

describe('the checksum that Google keeps with a secret', () => {
  it.each(SAMPLES)(
    `is that of Google's own library for %i texts of the seed ${SEED} of up to %i bytes`,
    async (count, length) => {
      const bytes = fc.uint8Array({ maxLength: length, size: 'max' });
      const values = fc.sample(bytes, { numRuns: count, seed: SEED });
      const longest = Math.max(...values.map(value => value.length));
      expect(longest).toBeGreaterThan(length / 2);
      expect(values.map(crc32c)).toEqual(await checksumsByGoogle(values));
    },
    600_000,
  );
});
