import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { scratch } from '@slipway/testkit/git';
import { readStrategy } from '../src/inputs/strategy.ts';

const STEPS = 'steps:\n  - { weight: 5, bake: 1m }\n';
const READ = { strategy: { steps: [{ weight: 5, bake: '1m' }] } };

describe('the strategy of the input', () => {
  const workspace = scratch();
  writeFileSync(join(workspace, 'strategy.yaml'), STEPS);
  writeFileSync(join(workspace, 'wrong.yaml'), 'steps:\n  - weight: 60\n');

  it('is YAML, the path of a file, or none', async () => {
    expect(await readStrategy(STEPS, { workspace })).toEqual(READ);
    expect(await readStrategy('strategy.yaml', { workspace })).toEqual(READ);
    expect(await readStrategy('none', { workspace })).toEqual({ strategy: 'none' });
    expect(await readStrategy(undefined, { workspace })).toEqual({});
  });

  it('is refused where a key is there twice, as only the last one would count', async () => {
    const text = `${STEPS}drain: 10s\ndrain: 1s\n`;
    const refused = { code: 'key-duplicate', message: expect.stringContaining('"drain"') };
    await expect(readStrategy(text, { workspace })).rejects.toMatchObject(refused);
    await expect(readStrategy(text, { workspace })).rejects.toThrow(/^input strategy:4:1: /);
  });

  it('is refused at its line, and so is a file that does not exist', async () => {
    await expect(readStrategy('wrong.yaml', { workspace })).rejects.toThrow(
      /^wrong\.yaml:2:13: step 1 has the weight 60/,
    );
    await expect(readStrategy('gone.yaml', { workspace })).rejects.toMatchObject({
      code: 'strategy-missing',
    });
    await expect(readStrategy('canary', { workspace })).rejects.toThrow('input strategy:1:1');
  });
});
