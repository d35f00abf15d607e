import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SlipwayError, silentLogger } from '@slipway/core';
import { createAuthority, toolPath } from '@slipway/testbed';
import fc from 'fast-check';
import { loadKubeconfig } from '../src/kubeconfig/load-kubeconfig.ts';
import { proxyFor } from '../src/proxies.ts';
import { byClientGo, comparable, type Login, type Outcome } from './support/client-go.ts';
import { type AccessFiles, randomAccess } from './support/random-access.ts';
import { randomProxies } from './support/random-proxies.ts';
import { sentWith } from './support/sent-with.ts';

const COUNT = 4000;

let folder: string;
let files: AccessFiles;

beforeAll(async () => {
  await toolPath('kubeconfig');
  folder = await mkdtemp(join(tmpdir(), 'access-parity-'));
  const authority = await createAuthority('an authority', () => new Date());
  const [pair, other] = [await authority.client('one', []), await authority.client('other', [])];
  files = {
    authority: authority.certificate,
    authorityFile: await written('authority', authority.certificate),
    pair,
    other,
    certificateFile: await written('certificate', pair.certificate),
    keyFile: await written('key', pair.key),
    tokenFile: await written('token', ' from a file\n'),
  };
});

afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function byUs({ kubeconfig }: Login): Promise<Outcome> {
  const source = {
    kubeconfig: JSON.stringify(kubeconfig),
    context: 'a',
    environment: {},
    workspace: '/nowhere',
    runPlugin: () => Promise.reject(new Error('no plugin is expected here')),
  };
  try {
    const loaded = await loadKubeconfig(source, { now: Date.now, logger: silentLogger });
    const options = await loaded.readOptions();
    // A connection is refused for a key that does not fit.
    createSecureContext(options);
    return { ...sentWith(loaded, options), asksAgain: false };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SlipwayError || code === 'ENOENT' || code?.startsWith('ERR_OSSL_'))
      return { refused: (error as Error).message, asksAgain: false };
    throw error;
  }
}

it('random kubeconfigs are read and refused as by client-go', async () => {
  const logins = fc.sample(randomAccess(files), { seed: 7, numRuns: COUNT });
  const theirs = await byClientGo(logins);
  expect(theirs).toHaveLength(COUNT);
  const ours = await Promise.all(logins.map(byUs));
  const differences = logins.flatMap(({ kubeconfig }, index) => {
    const [we, they] = [ours[index] as Outcome, theirs[index] as Outcome];
    return comparable(we) === comparable(they) ? [] : [{ kubeconfig: JSON.stringify(kubeconfig), we, they }];
  });
  expect(differences.slice(0, 5)).toEqual([]);
  const accepted = theirs.filter(({ refused }) => refused === undefined);
  expect(accepted.length / COUNT).toBeGreaterThan(0.15);
  const seen = (has: (outcome: Outcome) => unknown): boolean => accepted.some(has);
  expect([
    seen(({ authorization }) => authorization?.startsWith('Basic ')),
    seen(({ authorization }) => authorization?.startsWith('Bearer e30.')),
    seen(({ authorization }) => authorization === 'Bearer from a file'),
    seen(({ impersonation }) => Object.keys(impersonation ?? {}).length > 3),
    seen(({ certificate }) => certificate),
    seen(({ proxy }) => proxy?.startsWith('socks5:')),
    seen(({ insecure }) => insecure),
  ]).toEqual(Array(7).fill(true));
});

it('a certificate and a key in files that do not fit are not kept until they do', async () => {
  const [chain, key] = [
    await written('new-chain', files.pair.certificate),
    await written('new-key', files.other.key),
  ];
  const user = { 'client-certificate': chain, 'client-key': key };
  const kubeconfig = JSON.stringify({
    clusters: [{ name: 'a', cluster: { server: 'https://a.example' } }],
    users: [{ name: 'a', user }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  });
  const loaded = await loadKubeconfig(
    {
      kubeconfig,
      context: 'a',
      environment: {},
      workspace: '/nowhere',
      runPlugin: () => Promise.reject(new Error('no plugin is expected here')),
    },
    { now: Date.now, logger: silentLogger },
  );
  await expect(loaded.readOptions()).rejects.toMatchObject({ code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' });
  await written('new-key', files.pair.key);
  expect(String((await loaded.readOptions()).cert)).toBe(files.pair.certificate);
});

it('the proxies of random environments are found as by net/http', async () => {
  const cases = fc.sample(randomProxies(), { seed: 3, numRuns: COUNT });
  const theirs = await byClientGo(cases);
  const differences = cases.flatMap(({ kubeconfig, environment }, index) => {
    const [{ cluster }] = (kubeconfig as { clusters: [{ cluster: { server: string } }] }).clusters;
    const [we, they] = [proxyFor(cluster.server, '', environment), theirs[index]?.proxy ?? ''];
    const isSame = we === they || (we !== '' && they !== '' && new URL(we).href === new URL(they).href);
    return isSame ? [] : [{ server: cluster.server, environment, we, they }];
  });
  expect(differences.slice(0, 5)).toEqual([]);
  expect(theirs.filter(({ proxy }) => proxy).length / COUNT).toBeGreaterThan(0.2);
});
