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
  const text = await readFile(testbed.cluster?.kubeconfig ?? '', 'utf8');
  const field = (name: string): string => new RegExp(`${name}: "?([^"\\s]+)`).exec(text)?.[1] ?? '';
  cluster = { server: field('server'), ca: field('certificate-authority-data') };
  await until(async () => (await who(await connect({ token: issuer.token(CLAIMS, 60) }))) === 'deployer');
}, START_LIMIT);

afterAll(async () => {
  await testbed?.stop();
  await issuer?.stop();
  await rm(folder, { recursive: true, force: true });
});

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

describe('a token that an API server accepts for some seconds', () => {
  it('is refused by it afterwards, without a plugin', async () => {
    const client = await connect({ token: issuer.token(CLAIMS, LIFE) });
    expect(await who(client)).toBe('deployer');
    await sleep(REFUSED_AFTER);
    await expect(who(client)).rejects.toMatchObject({ code: 'cluster-unauthorized' });
    client.close();
  });

  it('is renewed before that, if its plugin tells its end', async () => {
    const { run, runs } = plugin(token => ({ token, expirationTimestamp: inSeconds(LIFE) }));
    const client = await connect(exec, run);
    const started = Date.now();
    while (Date.now() < started + REFUSED_AFTER) {
      expect(await who(client)).toBe('deployer');
      await sleep(500);
    }
    expect(runs()).toBeGreaterThan(3);
    client.close();
  });

  it('is renewed when it is refused, if its plugin does not tell its end, once for many requests', async () => {
    const { run, runs } = plugin(token => ({ token }));
    const client = await connect(exec, run);
    expect(await who(client)).toBe('deployer');
    await sleep(REFUSED_AFTER);
    const many = await Promise.all(Array.from({ length: 20 }, () => who(client)));
    expect(new Set(many)).toEqual(new Set(['deployer']));
    expect(runs()).toBe(2);
    client.close();
  });

  it('in a file is read again', async () => {
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, issuer.token(CLAIMS, LIFE));
    const client = await connect({ tokenFile });
    expect(await who(client)).toBe('deployer');
    await sleep(REFUSED_AFTER);
    await writeFile(tokenFile, issuer.token({ ...CLAIMS, sub: 'successor' }, LIFE));
    expect(await who(client)).toBe('successor');
    client.close();
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
