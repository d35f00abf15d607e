import { describe, expect, it } from '@jest/globals';
import { type SecretReference, SlipwayError } from '@slipway/core';
import {
  encodeSecret,
  environmentStore,
  openSecrets,
  openWhatAnswers,
  parseAllowances,
  type SecretRequest,
  type SecretStores,
} from '@slipway/secrets';

const SECRET = 'p@ss "wörd"/1';
const BINARY = Buffer.from([0xff, 0x00, 0x80, 0x41]);

const request = (word: string, reference: SecretReference): SecretRequest => ({
  word,
  reference,
  at: { path: 'config/database.yaml', line: 9, column: 5 },
});
const variable = (word: string, name: string, as?: 'url' | 'json' | 'base64'): SecretRequest =>
  request(word, { from: 'env', name, ...(as === undefined ? {} : { as }) });

interface Scene {
  readonly environment?: Record<string, string>;
  readonly stores?: Omit<SecretStores, 'env'>;
}

async function open(requests: SecretRequest[], allowed: string[], scene: Scene = {}) {
  const masked: string[] = [];
  const { values } = await openSecrets({
    requests,
    stores: { env: environmentStore(scene.environment ?? { PASSWORD: SECRET }), ...scene.stores },
    allowances: parseAllowances(allowed),
    mask: value => masked.push(value),
  });
  return { values, masked, text: (word: string) => Buffer.from(values.get(word) ?? []).toString() };
}

describe('opening secrets', () => {
  it('gives each word its value, encoded for where it lands, and masks every form of both', async () => {
    const { text, masked } = await open([variable('db.password', 'PASSWORD', 'url')], ['env=PASSWORD']);
    const landing = 'p%40ss%20%22w%C3%B6rd%22%2F1';
    expect(text('db.password')).toBe(landing);
    for (const form of [SECRET, landing])
      expect(masked).toEqual(
        expect.arrayContaining([form, Buffer.from(form).toString('base64'), encodeURIComponent(form)]),
      );
    expect(masked).toContain('p@ss \\"wörd\\"/1');
  });

  it('masks each line of a value of several lines', async () => {
    const key = '-----BEGIN KEY-----\nabcdefgh\r\nijklmnop\n-----END KEY-----\n';
    const { masked } = await open([variable('key', 'KEY')], ['env=KEY'], { environment: { KEY: key } });
    expect(masked).toEqual(expect.arrayContaining(['abcdefgh', 'ijklmnop', key]));
  });

  it('refuses an empty value, whichever store has it', async () => {
    const vault = { read: async () => Buffer.alloc(0) };
    const empty = request('db.password', { from: 'vault', path: 'kv/db', key: 'password' });
    await expect(open([empty], ['vault=kv/db'], { stores: { vault } })).rejects.toMatchObject({
      code: 'secret-missing',
      message: expect.stringMatching(
        /secret\.db\.password cannot be opened: "vault=kv\/db" is empty; give it/,
      ),
    });
  });

  it('reads nothing that the step does not list, and says what is missing in the list', async () => {
    const asked: string[] = [];
    const read = async ({ file }: { readonly file: string }) => Buffer.from(asked.push(file).toString());
    const failure = open(
      [
        variable('a', 'PASSWORD'),
        request('b', { from: 'sops', file: 'secrets/a.yaml' }),
        request('c', { from: 'vault', path: 'kv/shop/db', key: 'password' }),
      ],
      ['env=PASSWORDS', 'sops=other/*.yaml', 'vault=kv/*'],
      { stores: { sops: { read } } },
    );
    await expect(failure).rejects.toMatchObject({ code: 'secret-not-allowed', problems: [{}, {}, {}] });
    await expect(failure).rejects.toThrow(
      /^config\/database\.yaml:9:5: deploy may not read "env=PASSWORD".*\n.*"sops=secrets\/a\.yaml".*\n.*"vault=kv\/shop\/db"/,
    );
    expect(asked).toEqual([]);
  });

  it('tells every secret without a value, an empty one included', async () => {
    const failure = open([variable('a', 'A'), variable('b', 'B')], ['env=A', 'env=B'], {
      environment: { A: '' },
    });
    await expect(failure).rejects.toMatchObject({ code: 'secret-missing', problems: [{}, {}] });
  });

  it('says what stops several secrets once, at the first, and everything else beside it', async () => {
    const read = () =>
      Promise.reject(new SlipwayError({ code: 'vault-unreachable', message: 'Vault does not answer' }));
    const failure = open(
      [
        request('a', { from: 'vault', path: 'kv/a', key: 'x' }),
        request('b', { from: 'vault', path: 'kv/b', key: 'x' }),
        variable('c', 'C'),
      ],
      ['vault=kv/*', 'env=C'],
      { stores: { vault: { read } } },
    );
    await expect(failure).rejects.toMatchObject({
      problems: [
        {
          code: 'vault-unreachable',
          message: 'secret.a and 1 more cannot be opened: Vault does not answer',
        },
        { code: 'secret-missing' },
      ],
    });
  });

  it('says which credentials a store lacks', async () => {
    const failure = open(
      [
        request('a', { from: 'sops', file: 'a.yaml' }),
        request('b', { from: 'vault', path: 'kv/b', key: 'x' }),
      ],
      ['sops=a.yaml', 'vault=kv/b'],
    );
    await expect(failure).rejects.toMatchObject({
      problems: [{ code: 'secret-store-closed' }, { code: 'secret-store-closed' }],
    });
    await expect(failure).rejects.toThrow(/SOPS_AGE_KEY.*\n.*vault-role/);
  });

  it('closes the stores whether it went well or not', async () => {
    let closed = 0;
    const close = async () => void closed++;
    const vault = { read: async () => Buffer.from('x'), close };
    const wanted = request('a', { from: 'vault', path: 'kv/a', key: 'x' });
    await open([wanted], ['vault=kv/a'], { stores: { vault } });
    await open([wanted, variable('c', 'C')], ['vault=kv/a', 'env=C'], { stores: { vault } }).catch(() => {});
    expect(closed).toBe(2);
  });

  it('decodes what is base64 where it lives, and refuses what only should be', async () => {
    const decode = 'base64';
    const binary = request('file', { from: 'env', name: 'FILE', decode });
    const environment = { FILE: `${BINARY.toString('base64')}\n` };
    const { values } = await open([binary], ['env=FILE'], { environment });
    expect(values.get('file')).toEqual(BINARY);
    const failure = open([binary], ['env=FILE'], { environment: { FILE: 'not!base64' } });
    await expect(failure).rejects.toMatchObject({ code: 'secret-not-text' });
    await expect(failure).rejects.not.toThrow(/not!base64/);
  });
});

describe('opening what can be opened, for a rollback', () => {
  const version = { id: '3', since: '2026-11-01T10:00:00Z' };
  const entry = (path: string) => ({ from: 'vault', path, key: 'x' }) as const;
  const answering = () => {
    const asked: string[] = [];
    const read = async ({ path }: { readonly path: string }) => {
      asked.push(path);
      if (path === 'kv/down') throw new SlipwayError({ code: 'vault-sealed', message: 'Vault is sealed' });
      return Buffer.from(SECRET);
    };
    return { asked, vault: { read, versionOf: async () => version } };
  };
  const attempt = async (requests: SecretRequest[], compared: SecretRequest[], allowed: string[]) => {
    const { asked, vault } = answering();
    const opened = await openWhatAnswers(
      { requests, stores: { vault }, allowances: parseAllowances(allowed), mask: () => {} },
      compared,
    );
    return { ...opened, asked };
  };

  it('goes on without what does not answer, has no store or is not allowed, and says why', async () => {
    const { values, versions, failed } = await attempt(
      [
        request('a', entry('kv/a')),
        request('b', entry('kv/down')),
        variable('c', 'PASSWORD'),
        request('d', entry('other/d')),
      ],
      [],
      ['vault=kv/*', 'env=PASSWORD'],
    );
    expect([...values.keys()]).toEqual(['a']);
    expect(versions).toEqual(new Map([['a', version]]));
    const codes = Object.fromEntries([...failed].map(([word, { code }]) => [word, code]));
    expect(codes).toEqual({ b: 'vault-sealed', c: 'secret-store-closed', d: 'secret-not-allowed' });
  });

  it('looks up versions without a value, and leaves out those that it may not look up', async () => {
    const { values, versions, failed, asked } = await attempt(
      [],
      [request('a', entry('kv/a')), request('b', entry('other/b')), variable('c', 'PASSWORD')],
      ['vault=kv/*', 'env=PASSWORD'],
    );
    expect([values.size, failed.size, asked]).toEqual([0, 0, []]);
    expect(versions).toEqual(new Map([['a', version]]));
  });

  it('takes a version that cannot be told for an unknown one', async () => {
    const read = async () => Buffer.from('x');
    const versionOf = () => Promise.reject(new SlipwayError({ code: 'vault-sealed', message: 'sealed' }));
    const { values, versions } = await openSecrets({
      requests: [request('a', entry('kv/a'))],
      stores: { vault: { read, versionOf } },
      allowances: parseAllowances(['vault=kv/a']),
      mask: () => {},
    });
    expect([values.size, versions.size]).toEqual([1, 0]);
  });
});

describe('a secret', () => {
  it.each([
    ['url', 'a b&c', 'a%20b%26c'],
    ['url', "!'()*-._~", '%21%27%28%29%2A-._~'],
    ['json', 'a"\n', '"a\\"\\n"'],
    ['base64', 'ä', 'w6Q='],
  ] as const)('as %s', (encoding, value, expected) => {
    expect(encodeSecret(Buffer.from(value), encoding)).toBe(expected);
  });

  it('of bytes can be part of a URL and base64, and no JSON', () => {
    expect(encodeSecret(BINARY, 'url')).toBe('%FF%00%80A');
    expect(encodeSecret(BINARY, 'base64')).toBe('/wCAQQ==');
    expect(() => encodeSecret(BINARY, 'json')).toThrow(expect.objectContaining({ code: 'secret-not-text' }));
  });
});
