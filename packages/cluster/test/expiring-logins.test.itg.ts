import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Logger, silentLogger } from '@slipway/core';
import {
  createAuthority,
  type IdentityProvider,
  startIdentityProvider,
  startTestbed,
  type Testbed,
} from '@slipway/testbed';
import { START_LIMIT } from '@slipway/testbed/jest';
import { type ClusterClient, connectCluster, type RunPlugin } from '../src/index.ts';

/** Seconds that a token is good for. */
const LIFE = 4;
/** Milliseconds after which an API server refuses it: it remembers tokens that it accepted for 10 s. */
const REFUSED_AFTER = LIFE * 1000 + 12_000;
const V1 = 'client.authentication.k8s.io/v1';
const CLAIMS = { aud: 'slipway', sub: 'deployer' };

let folder: string;
let issuer: IdentityProvider;
let testbed: Testbed;
let cluster: { readonly server: string; readonly ca: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'expiring-'));
  const authority = await createAuthority('issuer', () => new Date());
  issuer = await startIdentityProvider({}, await authority.server(['127.0.0.1']));
  await writeFile(join(folder, 'issuer.pem'), authority.certificate);
  testbed = await startTestbed({
    parts: ['cluster'],
    nodes: 0,
    apiServerArgs: [
      `--oidc-issuer-url=${issuer.issuer}`,
      '--oidc-client-id=slipway',
      `--oidc-ca-file=${join(folder, 'issuer.pem')}`,
      '--oidc-username-prefix=-',
    ],
  });
  const field = await fieldsOf(testbed.cluster?.kubeconfig);
  cluster = { server: field('server'), ca: field('certificate-authority-data') };
  await until(async () => (await who(await connect({ token: issuer.token(CLAIMS, 60) }))) === 'deployer');
}, START_LIMIT);

afterAll(async () => {
  await testbed?.stop();
  await issuer?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function fieldsOf(kubeconfig: string | undefined): Promise<(name: string) => string> {
  const text = await readFile(kubeconfig ?? '', 'utf8');
  return name => new RegExp(`${name}: "?([^"\\s]+)`).exec(text)?.[1] ?? '';
}

/** The server fetches the keys of its issuer some seconds after it is ready. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue().catch(() => false))) await sleep(500);
}

function connect(user: object, plugin?: RunPlugin, logger: Logger = silentLogger): Promise<ClusterClient> {
  const kubeconfig = JSON.stringify({
    clusters: [{ name: 'a', cluster: { server: cluster.server, 'certificate-authority-data': cluster.ca } }],
    users: [{ name: 'a', user }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  });
  return connectCluster({
    kubeconfig,
    context: '',
    environment: {},
    workspace: '/nowhere',
    runPlugin: plugin ?? (() => Promise.reject(new Error('no plugin is expected here'))),
    signal: new AbortController().signal,
    logger,
    runFor: 600_000,
  });
}

async function who(client: ClusterClient): Promise<unknown> {
  const { userInfo } = await client.review({
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
  });
  return (userInfo as { username?: unknown }).username;
}

const exec = { exec: { apiVersion: V1, command: 'get-token', interactiveMode: 'Never' } };

/** A plugin that prints tokens of the issuer. */
function plugin(status: (token: string) => object): { readonly run: RunPlugin; readonly runs: () => number } {
  let runs = 0;
  const run: RunPlugin = async () => {
    runs++;
    const answer = { kind: 'ExecCredential', apiVersion: V1, status: status(issuer.token(CLAIMS, LIFE)) };
    return { exitCode: 0, stdout: JSON.stringify(answer), stderr: '' };
  };
  return { run, runs: () => runs };
}

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

/** Who a client is at first, and once its first token is refused. */
interface Played {
  readonly before: unknown;
  readonly after: unknown;
  readonly runs?: number;
}

async function withoutPlugin(): Promise<Played> {
  const client = await connect({ token: issuer.token(CLAIMS, LIFE) });
  const before = await who(client);
  await sleep(REFUSED_AFTER);
  const after = await who(client).catch((error: { code?: unknown }) => error.code);
  client.close();
  return { before, after };
}

async function withKnownEnd(): Promise<Played> {
  const { run, runs } = plugin(token => ({ token, expirationTimestamp: inSeconds(LIFE) }));
  const client = await connect(exec, run);
  const before = await who(client);
  const seen = new Set<unknown>();
  for (const started = Date.now(); Date.now() < started + REFUSED_AFTER; await sleep(500))
    seen.add(await who(client));
  client.close();
  return { before, after: [...seen], runs: runs() };
}

async function withUnknownEnd(): Promise<Played> {
  const { run, runs } = plugin(token => ({ token }));
  const client = await connect(exec, run);
  const before = await who(client);
  await sleep(REFUSED_AFTER);
  const after = await Promise.all(Array.from({ length: 20 }, () => who(client)));
  client.close();
  return { before, after: [...new Set(after)], runs: runs() };
}

async function withFile(): Promise<Played> {
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, issuer.token(CLAIMS, LIFE));
  const client = await connect({ tokenFile });
  const before = await who(client);
  await sleep(REFUSED_AFTER);
  await writeFile(tokenFile, issuer.token({ ...CLAIMS, sub: 'successor' }, LIFE));
  const after = await who(client);
  client.close();
  return { before, after };
}

describe('a token that an API server accepts for some seconds', () => {
  let played: readonly Played[];

  // They wait for the same, so that they wait together.
  beforeAll(async () => {
    played = await Promise.all([withoutPlugin(), withKnownEnd(), withUnknownEnd(), withFile()]);
  });

  it('is refused by it afterwards, without a plugin', () => {
    expect(played[0]).toEqual({ before: 'deployer', after: 'cluster-unauthorized' });
  });

  it('is renewed before that, if its plugin tells its end', () => {
    expect(played[1]).toMatchObject({ before: 'deployer', after: ['deployer'] });
    expect(played[1]?.runs).toBeGreaterThan(3);
  });

  it('is renewed when it is refused, if its plugin does not tell its end, once for many requests', () => {
    expect(played[2]).toEqual({ before: 'deployer', after: ['deployer'], runs: 2 });
  });

  it('in a file is read again', () => {
    expect(played[3]).toEqual({ before: 'deployer', after: 'successor' });
  });

  it('says when the login ends, under a lock too, and one that is renewed does not', async () => {
    const limit = { signal: new AbortController().signal, check: () => {}, unanswered: () => {} };
    const client = await connect({ token: issuer.token(CLAIMS, 60) });
    const ends = client.loginEnds?.getTime() ?? 0;
    expect(Math.abs(ends - Date.now() - 60_000)).toBeLessThan(60_000);
    expect(client.within(limit).loginEnds).toEqual(client.loginEnds);
    const { run } = plugin(token => ({ token, expirationTimestamp: inSeconds(LIFE) }));
    const renewed = await connect(exec, run);
    expect(renewed.loginEnds).toBeUndefined();
    for (const one of [client, renewed]) one.close();
  });

  it('and ends before the timeout is warned of', async () => {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warning: message => void warnings.push(message) };
    (await connect({ token: issuer.token(CLAIMS, 60) }, undefined, logger)).close();
    expect(warnings).toEqual([
      expect.stringMatching(
        /^The token of the kubeconfig expires in \d+ s, and the timeout is 10 min 0 s\. /,
      ),
    ]);
  });
});

/** The certificate of a user who may do everything, as a plugin prints it. */
async function certificateOf(name: string): Promise<object> {
  const field = await fieldsOf(await testbed.cluster?.userKubeconfig(name, ['system:masters']));
  const pem = (entry: string): string => Buffer.from(field(entry), 'base64').toString();
  return { clientCertificateData: pem('client-certificate-data'), clientKeyData: pem('client-key-data') };
}

describe('a client certificate of a plugin', () => {
  it('is replaced before its end, and what is under way is not broken off', async () => {
    const certificates = [await certificateOf('jane'), await certificateOf('joe')];
    let runs = 0;
    const client = await connect(exec, async () => {
      const status = { ...certificates[Math.min(runs++, 1)], expirationTimestamp: inSeconds(LIFE) };
      const answer = { kind: 'ExecCredential', apiVersion: V1, status };
      return { exitCode: 0, stdout: JSON.stringify(answer), stderr: '' };
    });
    expect(await who(client)).toBe('jane');
    const query = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default' };
    const { resourceVersion } = await client.list(query);
    const stop = new AbortController();
    const events = client.watch(query, resourceVersion, stop.signal)[Symbol.asyncIterator]();
    const next = events.next();
    await sleep(1000);
    await until(async () => (await who(client)) === 'joe');
    const metadata = { name: 'made-by-joe', namespace: 'default' };
    await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    expect(await next).toMatchObject({ done: false, value: { type: 'ADDED', object: { metadata } } });
    stop.abort();
    client.close();
  });
});
