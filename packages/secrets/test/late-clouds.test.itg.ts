import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** Opens one secret in a process of its own, and prints which files that loaded. */
const SCRIPT = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
const { openStores, parseAllowances, readStoreSettings, storesOf } = await import('@slipway/secrets');
const [line, reference] = JSON.parse(process.argv[1]);
const allowances = parseAllowances([line]);
const environment = { A: 'one', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
const none = () => Promise.reject(new Error('not expected'));
const inputs = { 'aws-endpoint': 'http://127.0.0.1:9' };
const step = {
  environment, allowances, workspace: '/nonexistent', exec: none, idToken: none, readFile: none,
  mask: () => {}, logger: { info: () => {}, warning: () => {} }, signal: AbortSignal.timeout(20_000),
  text: input => inputs[input] ?? '', problem: (input, message) => { throw new Error(input + message); }, parse: (_input, parse) => parse(),
};
const stores = await openStores(step, readStoreSettings(step, storesOf(allowances)));
await stores[reference.from].read(reference).catch(() => {});
console.log(JSON.stringify(loaded));
`;

async function loadedBy(line: string, reference: object): Promise<string[]> {
  const args = ['--conditions=slipway-source', '--input-type=module', '-e', SCRIPT];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, JSON.stringify([line, reference])],
    { cwd: import.meta.dirname },
  );
  return JSON.parse(stdout);
}

/** What asks a cloud: its sessions, logins, requests and signatures. */
const ASKS_A_CLOUD =
  /aws4fetch|clouds\/(?:http\/cloud-service|cloud-stores|cloud-program|aws\/(?:.*session|.*identity|.*client|sign)|google\/(?:.*session|.*identity|.*client|federation)|azure\/(?:.*session|.*identity|challenge|key-vault))/;

describe('what a run loads of the stores of clouds', () => {
  it('is nothing that asks one if it opens no secret of a cloud', async () => {
    const loaded = await loadedBy('env=A', { from: 'env', name: 'A' });
    expect(loaded.length).toBeGreaterThan(20);
    expect(loaded.filter(url => ASKS_A_CLOUD.test(url))).toEqual([]);
  });

  it('is that, and the library that signs, if it opens one', async () => {
    const path = '111122223333/eu-central-1/shop/db';
    const loaded = await loadedBy(`aws=${path}`, { from: 'aws', path });
    expect(loaded.filter(url => /aws4fetch|aws-session/.test(url))).toHaveLength(2);
  });
});
