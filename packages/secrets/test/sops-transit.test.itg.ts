import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import { encryptSops, openSops, pathWithSops } from './open-sops.ts';

const CONTENT = '{"password": "p@ss"}';

let folder: string;
let engine: ChildProcess;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-transit-'));
  engine = spawn(await toolPath('transit'), [], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(createInterface({ input: engine.stdout as Readable }), 'line')) as [string];
  ({ address } = JSON.parse(line) as { address: string });
  for (const name of ['shop', 'other']) {
    await request('POST', `keys/${name}`);
    const uri = `${address}/v1/transit/keys/${name}`;
    await encryptSops(join(folder, `${name}.json`), CONTENT, ['--hc-vault-transit', uri], {
      VAULT_TOKEN: 'root',
    });
  }
}, 600_000);

afterAll(async () => {
  engine?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function request(method: string, path: string, body: object = {}): Promise<void> {
  const options = { method, headers: { 'X-Vault-Token': 'root' }, body: JSON.stringify(body) };
  const answer = await fetch(`${address}/v1/transit/${path}`, options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
}

/** A step whose token may decrypt with the key "shop". */
const read = (name: string, more: object = {}, vault = address) =>
  openSops(
    {
      folder,
      lines: [`sops-transit=transit/${name}`],
      environment: { VAULT_TOKEN: 'shop' },
      inputs: { 'vault-address': vault },
      ...more,
    },
    `${name}.json`,
    'password',
  );

describe('a SOPS file for a key of transit', () => {
  it('is opened with the token of the step, at the address of the step', async () => {
    const { value, started, masked } = await read('shop');
    expect(value).toBe('p@ss');
    expect(masked).toContain('shop');
    expect(started[0]?.environment).toEqual({
      PATH: await pathWithSops(),
      HOME: '/nonexistent',
      SOPS_DECRYPTION_ORDER: 'age',
      SOPS_HC_VAULT_ALLOWLIST: `${address}/`,
      VAULT_DISABLE_REDIRECTS: 'true',
      VAULT_TOKEN: 'shop',
    });
  });

  it('that the token may not use is refused', async () => {
    const failure = read('other');
    await expect(failure).rejects.toMatchObject({ code: 'sops-key-refused' });
    await expect(failure).rejects.toThrow(/may not decrypt/);
  });

  it('that is deleted is refused', async () => {
    await request('POST', 'keys/other/config', { deletion_allowed: true });
    await request('DELETE', 'keys/other');
    const failure = read('other', { environment: { VAULT_TOKEN: 'root' } });
    await expect(failure).rejects.toMatchObject({ code: 'sops-key-refused' });
    await expect(failure).rejects.toThrow(/there is no such key/);
  });

  it('of another Vault asks no one', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const change = (text: string): string => text.replace(address, elsewhere);
    const environment = { VAULT_TOKEN: 'a-token' };
    try {
      await expect(read('shop', { change, environment })).rejects.toMatchObject({ code: 'sops-key-missing' });
      await expect(read('shop', { environment }, elsewhere)).rejects.toMatchObject({
        code: 'sops-key-missing',
      });
      expect(asked).toBe(0);
    } finally {
      server.close();
    }
  });

  it('of a Vault that answers with a redirect is not asked for elsewhere', async () => {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? '');
      const { port } = server.address() as AddressInfo;
      response.writeHead(307, { Location: `http://127.0.0.1:${port}/elsewhere` }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const change = (text: string): string => text.replace(address, elsewhere);
    try {
      const failure = read('shop', { change, environment: { VAULT_TOKEN: 'a-token' } }, elsewhere);
      await expect(failure).rejects.toMatchObject({ code: expect.stringMatching(/^sops-/) });
      expect(paths).toEqual(['/v1/transit/decrypt/shop']);
    } finally {
      server.close();
    }
  });
});
