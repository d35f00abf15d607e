import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SlipwayError, silentLogger } from '@slipway/core';
import { type LoadedKubeconfig, loadKubeconfig } from '../src/kubeconfig/load-kubeconfig.ts';
import type { KubeconfigSource } from '../src/kubeconfig/source.ts';

let folder: string;
let workspace: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-kubeconfig-'));
  workspace = join(folder, 'workspace');
  await mkdir(workspace);
});

afterAll(() => rm(folder, { recursive: true }));

const kubeconfig = (...names: string[]): string =>
  JSON.stringify({
    clusters: names.map(name => ({ name, cluster: { server: `https://${name}.example` } })),
    users: names.map(name => ({ name, user: { token: `token-of-${name}` } })),
    contexts: names.map(name => ({ name, context: { cluster: name, user: name } })),
    'current-context': names[0],
  });

async function loaded(changes: Partial<KubeconfigSource>): Promise<LoadedKubeconfig> {
  const source: KubeconfigSource = {
    kubeconfig: '',
    context: '',
    environment: {},
    workspace,
    runPlugin: () => Promise.reject(new Error('no plugin is expected here')),
    ...changes,
  };
  return await loadKubeconfig(source, { now: Date.now, logger: silentLogger });
}

async function load(changes: Partial<KubeconfigSource>): Promise<string> {
  return (await loaded(changes)).cluster.server;
}

async function headersOf(kubeconfig: string): Promise<unknown> {
  return (await (await loaded({ kubeconfig })).readOptions()).headers;
}

async function failureOf(changes: Partial<KubeconfigSource>): Promise<SlipwayError> {
  try {
    await load(changes);
  } catch (error) {
    if (error instanceof SlipwayError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the kubeconfig', () => {
  it('may be content, or a path outside the workspace', async () => {
    expect(await load({ kubeconfig: kubeconfig('eu') })).toBe('https://eu.example');
    await writeFile(join(folder, 'config'), kubeconfig('eu'));
    expect(await load({ kubeconfig: join(folder, 'config') })).toBe('https://eu.example');
    expect(await load({ kubeconfig: '../config' })).toBe('https://eu.example');
  });

  it('is not repeated where it may be a secret of another kind', async () => {
    const { code, message } = await failureOf({ kubeconfig: 'eyJhbGciOiJSUzI1NiJ9.eyJpc3Mi.c2ln' });
    expect(code).toBe('kubeconfig-missing');
    expect(message).not.toContain('eyJ');
    expect((await failureOf({ kubeconfig: '../eu.yaml' })).message).toContain('eu.yaml');
  });

  it('is otherwise what KUBECONFIG names, where the first of several files wins', async () => {
    await writeFile(join(folder, 'one'), kubeconfig('eu'));
    await writeFile(join(folder, 'two'), kubeconfig('us', 'eu').replaceAll('eu.example', 'other.example'));
    const environment = { KUBECONFIG: `${join(folder, 'one')}:${join(folder, 'two')}` };
    expect(await load({ environment, context: 'eu' })).toBe('https://eu.example');
    expect(await load({ environment, context: 'us' })).toBe('https://us.example');
  });

  it('is otherwise the one in the home folder, where logins to clouds write it', async () => {
    const environment = { HOME: join(folder, 'home') };
    expect((await failureOf({ environment })).code).toBe('kubeconfig-missing');
    expect((await failureOf({})).code).toBe('kubeconfig-missing');
    await mkdir(join(folder, 'home/.kube'), { recursive: true });
    await writeFile(join(folder, 'home/.kube/config'), kubeconfig('home'));
    expect(await load({ environment })).toBe('https://home.example');
    expect(await load({ environment: { ...environment, KUBECONFIG: '' } })).toBe('https://home.example');
    // What is named and missing is not replaced by another one.
    const missing = { ...environment, KUBECONFIG: join(folder, 'missing') };
    expect((await failureOf({ environment: missing })).code).toBe('kubeconfig-missing');
  });

  it('may start with a tilde, which no shell has replaced', async () => {
    const environment = { HOME: join(folder, 'home'), KUBECONFIG: '~/.kube/config' };
    expect(await load({ environment })).toBe('https://home.example');
    expect(await load({ environment: { HOME: folder }, kubeconfig: '~/home/.kube/config' })).toBe(
      'https://home.example',
    );
    expect((await failureOf({ environment, kubeconfig: '~other/config' })).code).toBe('kubeconfig-missing');
  });

  it('is never taken from the pod unless the input says so', async () => {
    const environment = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    expect((await failureOf({ environment })).code).toBe('kubeconfig-missing');
    expect((await failureOf({ kubeconfig: 'in-cluster' })).code).toBe('kubeconfig-missing');
    expect(await load({ kubeconfig: 'in-cluster', environment })).toBe('https://10.0.0.1:443');
  });

  it.each([
    ['a path', 'inside'],
    ['a link to a file there', '../link'],
  ])('inside of the workspace is refused, given as %s', async (_case, path) => {
    await writeFile(join(workspace, 'inside'), kubeconfig('eu'));
    await symlink(join(workspace, 'inside'), join(folder, 'link')).catch(() => {});
    expect((await failureOf({ kubeconfig: path })).code).toBe('kubeconfig-in-workspace');
    expect((await failureOf({ environment: { KUBECONFIG: join(workspace, path) } })).code).toBe(
      'kubeconfig-in-workspace',
    );
  });

  it('has one context, or the input names one', async () => {
    const two = kubeconfig('eu', 'us');
    expect(await load({ kubeconfig: two, context: 'us' })).toBe('https://us.example');
    expect((await failureOf({ kubeconfig: two })).message).toBe(
      'the kubeconfig has 2 contexts, and none is chosen; set context to one of "eu", "us"',
    );
    expect((await failureOf({ kubeconfig: two, context: 'asia' })).code).toBe('kubeconfig-context');
    expect(await failureOf({ kubeconfig: '{"contexts": []}' })).toMatchObject({
      code: 'kubeconfig-context',
      message: 'the kubeconfig has no context; add one, with a cluster and a user',
    });
  });

  const half = (parts: object): string =>
    JSON.stringify({ contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }], ...parts });
  const user = { users: [{ name: 'u', user: { token: 't' } }] };
  const at = (server: string): object => ({ clusters: [{ name: 'c', cluster: { server } }] });

  it.each([
    ['without its cluster', half(user), 'names a cluster that is not in it; add it'],
    ['without its user', half(at('https://a.example')), 'names a user that is not in it; add it'],
    ['without either', half({}), 'names a cluster and a user that are not in it; add both'],
    [
      'to an address that is not one',
      half({ ...user, ...at('not a url') }),
      'the cluster "c" of the kubeconfig has a server that is not an http:// or https:// URL; write it such as https://10.0.0.1:6443',
    ],
    ['to an address without a scheme', half({ ...user, ...at('10.0.0.1:6443') }), 'is not an http:// or'],
    ['to another kind of address', half({ ...user, ...at('ftp://a.example') }), 'is not an http:// or'],
  ])('cannot have a context %s', async (_title, content, message) => {
    expect(await failureOf({ kubeconfig: content })).toMatchObject({
      code: 'kubeconfig-invalid',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['one line', (text: string) => text],
    ['lines of 76 characters', (text: string) => text.replaceAll(/.{76}/g, '$&\n')],
  ])('is not shown, but told apart, when it is base64 of %s', async (_title, wrap) => {
    const encoded = Buffer.from(kubeconfig('eu')).toString('base64');
    const { code, message } = await failureOf({ kubeconfig: wrap(encoded) });
    expect([code, message]).toEqual(['kubeconfig-invalid', expect.stringContaining('base64')]);
    expect(message).not.toContain(encoded.slice(0, 8));
  });

  it.each<[string, object, string]>([
    [
      'two users with one name',
      {
        users: [
          { name: 'u', user: { token: 'first' } },
          { name: 'u', user: { token: 'second' } },
        ],
      },
      'the kubeconfig input has two users with the name "u"; keep one of them',
    ],
    [
      'a token that is a number',
      { users: [{ name: 'u', user: { token: 12 } }] },
      'the user "u" of the kubeconfig has token that is not a text; correct it; a number or a date in a text needs quotes',
    ],
    [
      'a token beside a password',
      { users: [{ name: 'u', user: { token: 'secret', username: 'me' } }] },
      'the user "u" of the kubeconfig has both a token and a password; keep one of them',
    ],
    [
      'an authority twice',
      {
        clusters: [
          {
            name: 'c',
            cluster: {
              server: 'https://a.example',
              'certificate-authority': 'ca.pem',
              'certificate-authority-data': 'QUJD',
            },
          },
        ],
      },
      'the cluster "c" of the kubeconfig has both certificate-authority and certificate-authority-data; keep one of them',
    ],
    [
      'another kind of proxy',
      {
        clusters: [{ name: 'c', cluster: { server: 'https://a.example', 'proxy-url': 'ftp://me:secret@b' } }],
      },
      'the cluster "c" of the kubeconfig has a proxy-url that is not an http://, https:// or socks5:// URL; write it such as http://proxy.example:3128',
    ],
    [
      'a proxy with a line break',
      {
        clusters: [
          { name: 'c', cluster: { server: 'https://a.example', 'proxy-url': 'http://me:secret@b\n' } },
        ],
      },
      'the cluster "c" of the kubeconfig has a proxy-url that is not an http://, https:// or socks5:// URL; write it such as http://proxy.example:3128',
    ],
    [
      'another kind of object',
      { kind: 'ConfigMap' },
      'the kubeconfig input is not a kubeconfig; compare it with what `kubectl config view --raw --minify` prints',
    ],
    [
      'groups without a user to act as',
      { users: [{ name: 'u', user: { 'as-groups': ['developers'] } }] },
      'the user "u" of the kubeconfig has as-uid, as-groups or as-user-extra without as; name the user to act as in as',
    ],
    [
      'a certificate without its key',
      { users: [{ name: 'u', user: { 'client-certificate': 'me.pem' } }] },
      'the user "u" of the kubeconfig has a client-certificate and no client-key; add the key',
    ],
  ])('is refused for %s, as by kubectl', async (_title, parts, message) => {
    const content = half({ ...user, ...at('https://a.example'), ...parts });
    const failure = await failureOf({ kubeconfig: content });
    expect([failure.code, failure.message]).toEqual(['kubeconfig-invalid', message]);
  });

  it('is of the files that exist, where KUBECONFIG names several, and one may be empty', async () => {
    await writeFile(join(folder, 'one'), kubeconfig('eu'));
    await writeFile(join(folder, 'empty'), '# nothing yet\n');
    const environment = {
      KUBECONFIG: [join(folder, 'nowhere'), join(folder, 'empty'), join(folder, 'one')].join(':'),
    };
    expect(await load({ environment })).toBe('https://eu.example');
    const nowhere = { KUBECONFIG: `${join(folder, 'nowhere')}:${join(folder, 'neither')}` };
    expect((await failureOf({ environment: nowhere })).code).toBe('kubeconfig-missing');
    expect((await failureOf({ environment: { KUBECONFIG: join(folder, 'empty') } })).code).toBe(
      'kubeconfig-context',
    );
  });

  it('acts as another user in UTF-8, with all values of headers that differ in their case', async () => {
    const acting = { token: 't', as: 'josé', 'as-user-extra': { a: ['x'], A: ['日本'] } };
    const headers = await headersOf(
      half({ ...at('https://a.example'), users: [{ name: 'u', user: acting }] }),
    );
    expect(headers).toEqual({
      Authorization: 'Bearer t',
      'Impersonate-User': Buffer.from('josé').toString('latin1'),
      'impersonate-extra-a': ['x', Buffer.from('日本').toString('latin1')],
    });
  });

  it('has relative paths from the folder of the path that is given, also where that is a link', async () => {
    const real = join(folder, 'real');
    const linked = join(folder, 'linked');
    for (const path of [real, linked]) await mkdir(path);
    const token = { users: [{ name: 'u', user: { tokenFile: 'token' } }] };
    await writeFile(join(real, 'config'), half({ ...at('https://a.example'), ...token }));
    await writeFile(join(linked, 'token'), 'beside the link');
    await symlink(join(real, 'config'), join(linked, 'config'));
    expect(await headersOf(join(linked, 'config'))).toEqual({ Authorization: 'Bearer beside the link' });
  });

  it('is told in one sentence to name a file that can be read', async () => {
    const content = half({
      ...user,
      clusters: [{ name: 'c', cluster: { server: 'https://a.example', 'certificate-authority': folder } }],
    });
    await expect(headersOf(content)).rejects.toMatchObject({
      code: 'kubeconfig-invalid',
      message: expect.stringContaining('which the kubeconfig names, cannot be read (EISDIR)'),
    });
  });

  it('may have a certificate of any size, and one that is not base64 is told in one sentence', async () => {
    const large = 'A'.repeat(24_000_000);
    const written = (data: string): string =>
      half({
        ...user,
        clusters: [
          { name: 'c', cluster: { server: 'https://a.example', 'certificate-authority-data': data } },
        ],
      });
    expect(await load({ kubeconfig: written(large) })).toBe('https://a.example');
    for (const wrong of [`${large}#`, `${large}AA`, 'A===', '====', 'AA=A'])
      expect(await failureOf({ kubeconfig: written(wrong) })).toMatchObject({
        code: 'kubeconfig-invalid',
        message: expect.stringContaining('has certificate-authority-data that is not base64'),
      });
  });

  it('has a token file that is not empty, or else a token beside it', async () => {
    const empty = join(folder, 'empty');
    await writeFile(empty, ' \n');
    const withUser = (other: object): string =>
      half({ ...at('https://a.example'), users: [{ name: 'u', user: { tokenFile: empty, ...other } }] });
    expect(await headersOf(withUser({ token: 'beside' }))).toEqual({ Authorization: 'Bearer beside' });
    await expect(headersOf(withUser({}))).rejects.toMatchObject({
      code: 'kubeconfig-invalid',
      message: expect.stringContaining(' is empty; check its path'),
    });
  });

  it('never shows its content when it cannot be read', async () => {
    const failure = await failureOf({ kubeconfig: 'users:\n  - token: abc\n :' });
    expect(failure.code).toBe('kubeconfig-invalid');
    expect(failure.message).not.toContain('abc');
    expect(failure.cause).toBeUndefined();
  });
});
