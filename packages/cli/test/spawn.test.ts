import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Rendering } from '@slipway/core';
import { withPreview } from '@slipway/testkit/shop';
import { copyOfShop, runIn } from './support/copy.ts';

const folder = copyOfShop();

beforeAll(() => {
  for (const [file, text] of Object.entries(withPreview)) writeFileSync(join(folder, file), text(''));
});

describe('the flag --spawn', () => {
  it('renders the instance of a pull request or a branch, and nothing else', async () => {
    const destinations = async (spawn: string) => {
      const { printed, complaints } = await runIn(folder, 'render', '--spawn', spawn, '--json');
      expect(complaints).toBe('');
      return (JSON.parse(printed) as Rendering).destinations.map(one => one.formation);
    };
    expect(await destinations('1234')).toEqual(['preview-1234']);
    expect(await destinations('feature/A')).toEqual([
      expect.stringMatching(/^preview-feature-a-[0-9a-f]{5}$/),
    ]);
  });

  it('checks the instance', async () => {
    const { exitCode, printed } = await runIn(folder, 'check', '--spawn', '1234');
    expect(printed).toMatch(/^preview-1234\/dev: passed, /);
    expect(exitCode).toBe(0);
  });

  it.each([
    [['render', '--spawn', '../x'], '--spawn is "../x", which is neither the number of a pull request nor'],
    [
      ['render', '--spawn', '7', '--formation', 'staging'],
      '--spawn is set, and the formation "staging" has no',
    ],
    [['render', '--formation', 'preview'], 'set --spawn to the number of the pull request or the name of'],
    [
      ['check', 'stencils', '--spawn', '7'],
      'plain manifests are not rendered, so "--spawn" would be ignored',
    ],
  ])('is refused in the words of the command line: %j', async (args, sentence) => {
    const { exitCode, printed, complaints } = await runIn(folder, ...args);
    expect([exitCode, printed]).toEqual([2, '']);
    expect(complaints).toContain(sentence);
  });
});
