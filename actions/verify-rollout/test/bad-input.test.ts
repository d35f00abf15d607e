import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { fakeRunner, inputsOf } from '@slipway/github/testing';
import { readInputs, run } from '../src/index.ts';

it('what is wrong with files of the inputs and with the kubeconfig is told in one run', async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'slipway-verify-'));
  const inputs = inputsOf(readInputs, {
    release: '1',
    namespace: 'shop',
    kubeconfig: 'no-kubeconfig',
    checks: 'no-checks.yaml',
    'status-rules': 'no-rules.yaml',
  });
  const refused = run(inputs, fakeRunner({ workspace }));
  await expect(refused).rejects.toMatchObject({
    problems: [
      { code: 'input-file-missing', message: expect.stringContaining('no-checks.yaml') },
      { code: 'input-file-missing', message: expect.stringContaining('no-rules.yaml') },
      { code: 'kubeconfig-missing' },
    ],
  });
});
