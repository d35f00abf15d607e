/**
 * Compares what Google's own clients read from google-server.ts with what Slipway reads there. Outside of CI, as they take 200 MB:
 *
 *     python3 -m venv /tmp/google && /tmp/google/bin/pip install google-cloud-secret-manager google-api-python-client requests
 *     node --conditions=slipway-source packages/secrets/test/google/with-googles-clients.ts /tmp/google/bin/python
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32c } from '../../src/clouds/google/crc32c.ts';
import { stopServers } from '../aws-server.ts';
import { ACCOUNT, JOB_TOKEN, PROJECT, PROVIDER, startGoogle } from './google-server.ts';
import { googleStore } from './google-store.ts';

interface Got {
  readonly name?: string;
  readonly data?: string;
  readonly crc32c?: number;
  readonly error?: string;
}

const TEXT = Buffer.from('p@ss "wörd"\nsecond line');
const BINARY = Buffer.from([0xff, 0x00, 0x80, 0x41]);
const READ = [
  { path: 'text', version: '1', expected: TEXT, number: '1' },
  { path: 'text', version: 'latest', expected: BINARY, number: '2' },
  { path: 'text', version: 'before', expected: TEXT, number: '1' },
  { path: 'europe-west3/text', version: 'latest', expected: BINARY, number: '1' },
];
const REFUSED = [
  { path: 'off', error: '400 ', says: 'secret-missing' },
  { path: 'missing', error: '404 ', says: 'secret-missing' },
];

const server = await startGoogle({
  text: [{ data: TEXT }, { data: BINARY }],
  off: [{ data: TEXT, state: 'DISABLED' }],
  'europe-west3/text': [{ data: BINARY }],
});
const { client, discovery } = await askByClients();
const { store } = googleStore(server.address, { serviceAccount: ACCOUNT });
for (const { path, version, expected, number } of READ) {
  const name = nameOf(path, version);
  const data = expected.toString('base64');
  const answered = nameOf(path, number).replace(PROJECT.id, PROJECT.number);
  assert.deepEqual(client[name], { name: answered, data, crc32c: crc32c(expected) });
  assert.deepEqual(discovery[name], { name: answered, data });
  const reference = { from: 'gcp', path: `${PROJECT.id}/${path}`, version } as const;
  assert.deepEqual(await store.read(reference), expected);
  assert.deepEqual(await store.versionOf?.(reference), { id: number });
}
for (const { path, error, says } of REFUSED) {
  assert.match(client[nameOf(path, 'latest')]?.error ?? '', new RegExp(`^${error}`));
  await assert.rejects(store.read({ from: 'gcp', path: `${PROJECT.id}/${path}` }), { code: says });
}
assert.deepEqual(server.undescribed, []);
await stopServers();
process.stdout.write(`${READ.length} versions and ${REFUSED.length} refusals are the same to all clients\n`);

function nameOf(path: string, version: string): string {
  const [name, location] = path.split('/').reverse();
  const place = location === undefined ? '' : `/locations/${location}`;
  return `projects/${PROJECT.id}${place}/secrets/${name}/versions/${version}`;
}

async function askByClients(): Promise<Record<'client' | 'discovery', Record<string, Got>>> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-google-'));
  const token = join(folder, 'token');
  await writeFile(token, JOB_TOKEN);
  const names = [
    ...READ.map(({ path, version }) => nameOf(path, version)),
    ...REFUSED.map(({ path }) => nameOf(path, 'latest')),
  ];
  const script = join(import.meta.dirname, 'googles-clients.py');
  const args = [script, server.address, token, PROVIDER, ACCOUNT, ...names];
  const { stdout } = await promisify(execFile)(process.argv[2] ?? 'python3', args, { timeout: 120_000 });
  await rm(folder, { recursive: true });
  return JSON.parse(stdout);
}
