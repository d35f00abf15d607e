import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createRegistryClient,
  parseDockerConfig,
  parseReference,
  pushHold,
  pushSnapshot,
  type RegistryClient,
  readPassed,
  readSnapshot,
  readStoredHold,
  resolveDigest,
  retag,
} from '@slipway/registry';
import { useTestbed } from '@slipway/testbed/jest';
import {
  clientFor,
  digestAt,
  type Fault,
  pushRandomImage,
  quickRetries,
  type RegistryProxy,
  refusing,
  startProxy,
} from '@slipway/testkit/registry';
import { holdFor, snapshotIn, TARGET } from './marks.ts';

/** Whose token server gives tokens for `public/…` without a login, with which nothing can be pushed. */
const withTokens = useTestbed({ parts: ['registry'], registryAuth: 'token' });
const open = useTestbed({ parts: ['registry'] });

const clientWith = (auths: object) =>
  createRegistryClient({
    dockerConfig: parseDockerConfig(JSON.stringify({ auths }), 'config.json'),
    retryPolicy: quickRetries,
  });
const anonymous = () => clientWith({});
const LOGIN = { username: 'robot', password: 'hunter2hunter2' };
const BASIC = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`;

/** As JFrog Artifactory has it: what reads is answered to anyone, and only a push is asked for a login. */
const loginToPush: Fault = (request, response) => {
  const { method = '', headers } = request;
  if (method === 'GET' || method === 'HEAD' || headers.authorization === BASIC) return false;
  const error = { status: 401, code: 'UNAUTHORIZED', message: 'authentication required' };
  return refusing(error, { 'www-authenticate': 'Basic realm="acme"' })(request, response);
};

let path: string;
beforeEach(() => {
  path = `public/${randomUUID()}`;
});

describe.each(['that gives tokens to anyone', 'that asks for a login only for a push'])(
  'at a registry %s',
  kind => {
    let proxy: RegistryProxy;
    let address: string;
    let known: RegistryClient;

    beforeEach(async () => {
      const { registry } = kind === 'that gives tokens to anyone' ? withTokens : open;
      proxy = await startProxy(registry.address);
      address = proxy.address;
      const { username = LOGIN.username, password = LOGIN.password } = registry;
      known = clientWith({ [address]: { username, password } });
      await pushRandomImage(registry, `${path}/api`, 'built', [3000]);
      await pushSnapshot(known, snapshotIn(`${address}/${path}`, 'v1'));
      await pushHold(known, home(), TARGET, holdFor('audit'));
      if (registry === open.registry) proxy.faults.push(loginToPush);
    });
    afterEach(() => proxy.close());

    const home = () => ({ registry: `${address}/${path}`, application: 'shop' });
    const image = () => parseReference(`${address}/${path}/api:built`);

    it('images, snapshots, holds and what passed are read without a login', async () => {
      const client = anonymous();
      expect(await resolveDigest(client, image())).toMatch(/^sha256:/);
      expect(await readSnapshot(client, home(), 'v1')).toEqual(snapshotIn(home().registry, 'v1'));
      expect(await readStoredHold(client, home(), TARGET)).toMatchObject({ reason: 'audit' });
      expect(await readPassed(client, home(), TARGET)).toBeUndefined();
      expect(proxy.seen.filter(({ authorization = '' }) => authorization.startsWith('Basic '))).toEqual([]);
    });

    it('an image is copied from there without a login, to a registry that has one', async () => {
      const target = { registry: withTokens.registry.address, path: `private/${randomUUID()}`, tag: 'v1' };
      const client = clientFor(withTokens.registry, [target.registry]);
      const digest = await retag(client, image(), target);
      expect(await digestAt(withTokens.registry, target.path, 'v1')).toBe(digest);
    });

    it.each<[string, (client: RegistryClient) => Promise<unknown>]>([
      ['an image', client => retag(client, image(), { ...image(), tag: 'v2' })],
      ['a snapshot', client => pushSnapshot(client, snapshotIn(home().registry, 'v2'))],
      ['a hold', client => pushHold(client, home(), TARGET, holdFor('other'))],
    ])('whoever pushes %s without a login is told to log in, and nothing is written', async (_name, push) => {
      await expect(push(anonymous())).rejects.toMatchObject({
        code: expect.stringMatching(/^registry-(?:denied|unauthorized)$/),
        message: expect.stringContaining(`log in to "${address}"`),
      });
      expect(await readStoredHold(known, home(), TARGET)).toMatchObject({ reason: 'audit' });
    });
  },
);

it('what is not public is not read without a login, and the sentence says so', async () => {
  const { registry } = withTokens;
  const name = `private/${randomUUID()}`;
  await pushRandomImage(registry, name, 'v1', [300]);
  await expect(
    resolveDigest(anonymous(), { registry: registry.address, path: name, tag: 'v1' }),
  ).rejects.toMatchObject({
    code: 'registry-unauthorized',
    message: expect.stringContaining('log in to'),
  });
});
