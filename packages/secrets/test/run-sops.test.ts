import { describe, expect, it } from '@jest/globals';
import { runSops } from '../src/sops/run-sops.ts';
import { parseSopsFile } from '../src/sops/sops-file.ts';

const opened = {
  file: parseSopsFile('{"a": "ENC[a]", "sops": {"mac": "ENC[m]"}}', 'secrets/a.json'),
  text: '{}',
  keys: [{ word: 'sops-transit' as const, name: 'transit/shop', entry: {} }],
  variables: {},
};

describe('sops', () => {
  it('is given up if the service of a key never answers', async () => {
    const exec = () => new Promise<never>(() => {});
    const failure = runSops(opened, 'json', { exec, environment: {}, patience: 10 });
    await expect(failure).rejects.toMatchObject({ code: 'sops-unanswered' });
    await expect(failure).rejects.toThrow(/waiting for the service of a key of "secrets\/a.json"/);
  });

  it('never has what it says repeated', async () => {
    const exec = async () => ({ exitCode: 128, stdout: 'hunter2', stderr: 'hunter2 hunter3' });
    const failure = runSops(opened, 'json', { exec, environment: {}, patience: 10_000 });
    await expect(failure).rejects.toMatchObject({ code: 'sops-failed' });
    await expect(failure).rejects.not.toThrow(/hunter/);
  });
});
