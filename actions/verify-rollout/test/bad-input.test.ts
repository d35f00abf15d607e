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

it('a key that is twice in checks or status-rules is refused at its line: only the last one would count', async () => {
  const inputs = inputsOf(readInputs, {
    release: '1',
    namespace: 'shop',
    kubeconfig: 'no-kubeconfig',
    checks: '- name: a\n  name: b\n',
    'status-rules': '- group: x\n  kind: A\n  kind: B\n',
  });
  const workspace = mkdtempSync(join(tmpdir(), 'slipway-verify-'));
  await expect(run(inputs, fakeRunner({ workspace }))).rejects.toMatchObject({
    problems: [
      { code: 'key-duplicate', at: { path: 'input checks', line: 2, column: 3 } },
      { code: 'key-duplicate', at: { path: 'input status-rules', line: 3, column: 3 } },
      { code: 'kubeconfig-missing' },
    ],
  });
});
