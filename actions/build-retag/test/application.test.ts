import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readApplication } from '../src/files/application.ts';

describe('slipway.yaml', () => {
  it.each(['slipway.yaml', '../slipway.yaml'])(
    'that is not in the workspace has the code of every missing file: %s',
    async path => {
      const workspace = mkdtempSync(join(tmpdir(), 'slipway-application-'));
      await expect(readApplication(workspace, path)).rejects.toMatchObject({ code: 'file-missing' });
    },
  );

  it('is refused with each key that it has twice, under the code of every file', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'slipway-application-'));
    writeFileSync(
      join(workspace, 'slipway.yaml'),
      'kind: Application\nkind: Application\nspec: {a: 1, a: 2}\n',
    );
    await expect(readApplication(workspace, 'slipway.yaml')).rejects.toMatchObject({
      problems: [
        { code: 'key-duplicate', subject: 'kind', at: { path: 'slipway.yaml', line: 2 } },
        { code: 'key-duplicate', subject: 'a', at: { line: 3 } },
      ],
    });
  });
});
