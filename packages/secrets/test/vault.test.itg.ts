import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  parseVaultAddress,
  type ReferenceTo,
  type SecretStore,
  type VaultLogin,
  vaultStore,
} from '@slipway/secrets';
import {
  type IdentityProvider,
  type RunningVault,
  startIdentityProvider,
  startVault,
} from '@slipway/testbed';

const PASSWORD = 'p@ss "wörd"\nsecond line';
const POLICY = `
path "kv/data/shop/*" { capabilities = ["read"] }
path "old/shop/*" { capabilities = ["read"] }
path "team/ci/kv/data/shop" { capabilities = ["read"] }
path "transit/keys/shop" { capabilities = ["read"] }
path "cubbyhole/*" { capabilities = ["read"] }
`;

let vault: RunningVault;
let github: IdentityProvider;
let appRole: { readonly roleId: string; readonly secretId: string };

beforeAll(async () => {
  [vault, github] = await Promise.all([
    startVault({ tls: true }),
    startIdentityProvider({ repository: 'acme/shop', environment: 'production' }),
  ]);
  await writeSecrets(vault);
  appRole = await allowAppRole(vault);
  await allowGithub(vault, github);
}, 600_000);

afterAll(async () => {
  await Promise.all([vault?.stop(), github?.stop()]);
});

async function writeSecrets({ request }: RunningVault): Promise<void> {
  await request('POST', 'sys/mounts/kv', { type: 'kv', options: { version: '2' } });
  await request('POST', 'sys/mounts/old', { type: 'kv', options: { version: '1' } });
  await request('POST', 'sys/mounts/team/ci/kv', { type: 'kv', options: { version: '2' } });
  await request('PUT', 'sys/policies/acl/shop', { policy: POLICY });
  const data = {
    password: PASSWORD,
    pin: 9007199254740991,
    on: true,
    nothing: null,
    empty: '',
    map: { a: 1 },
  };
  await request('POST', 'kv/data/shop/database', { data: { password: 'the first version' } });
  await request('POST', 'kv/data/shop/database', { data });
  await request('POST', 'kv/data/shop/a b', { data: { password: 'spaced' } });
  await request('POST', 'kv/data/other/database', { data });
  await request('POST', 'kv/data/shop/gone', { data });
  await request('DELETE', 'kv/data/shop/gone');
  await request('POST', 'old/shop/database', { password: 'version one' });
  await request('POST', 'team/ci/kv/data/shop', { data: { password: 'nested mount' } });
}

async function allowAppRole({ request }: RunningVault) {
  await request('POST', 'sys/auth/approle', { type: 'approle' });
  await request('POST', 'auth/approle/role/shop', { token_policies: 'shop', token_ttl: '10m' });
  const { data: role } = await request('GET', 'auth/approle/role/shop/role-id');
  const { data: secret } = await request('POST', 'auth/approle/role/shop/secret-id');
  return { roleId: String(role?.['role_id']), secretId: String(secret?.['secret_id']) };
}

async function allowGithub({ request, address }: RunningVault, { issuer }: IdentityProvider): Promise<void> {
  await request('POST', 'sys/auth/ci/github', { type: 'jwt' });
  await request('POST', 'auth/ci/github/config', { oidc_discovery_url: issuer, bound_issuer: issuer });
  const role = {
    role_type: 'jwt',
    user_claim: 'repository',
    bound_audiences: [address],
    token_policies: 'shop',
  };
  const claims = { repository: 'acme/shop', environment: 'production' };
  await request('POST', 'auth/ci/github/role/shop', { ...role, bound_claims: claims });
  await request('POST', 'auth/ci/github/role/other', {
    ...role,
    bound_claims: { repository: 'acme/other' },
  });
}

interface Opening {
  readonly login?: VaultLogin;
  readonly address?: string;
  readonly certificateAuthority?: string;
  readonly masked?: string[];
  readonly signal?: AbortSignal;
}

function open(opening: Opening = {}): SecretStore<ReferenceTo<'vault'>> {
  return vaultStore({
    server: {
      address: parseVaultAddress(opening.address ?? vault.address),
      namespace: '',
      certificateAuthority: opening.certificateAuthority ?? vault.certificateAuthority,
      environment: {},
      signal: opening.signal ?? new AbortController().signal,
    },
    login: opening.login ?? { method: 'approle', mount: 'approle', ...appRole },
    mask: secret => void opening.masked?.push(secret),
  });
}

async function read(path: string, key = 'password', opening: Opening = {}): Promise<string> {
  const store = open(opening);
  try {
    return Buffer.from(await store.read({ from: 'vault', path, key })).toString();
  } finally {
    await store.close?.();
  }
}

function asGithub(role: string, audience = vault.address): VaultLogin {
  return { method: 'jwt', mount: 'ci/github', role, idToken: () => idToken(audience) };
}

async function idToken(audience: string): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = github.environment;
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`${url}&audience=${encodeURIComponent(audience)}`, { headers });
  return String(((await response.json()) as { value: string }).value);
}

describe('a secret of a real Vault', () => {
  it.each([
    ['kv/shop/database', 'password', PASSWORD],
    ['kv/shop/database', 'pin', '9007199254740991'],
    ['kv/shop/database', 'on', 'true'],
    ['kv/shop/a b', 'password', 'spaced'],
    ['old/shop/database', 'password', 'version one'],
    ['team/ci/kv/shop', 'password', 'nested mount'],
  ])(
    'at %s, field %s, is read: both versions of the engine, its newest value',
    async (path, key, expected) => {
      expect(await read(path, key)).toBe(expected);
    },
  );

  it('is read with the token of a job of GitHub, which Vault checks itself', async () => {
    const masked: string[] = [];
    expect(await read('kv/shop/database', 'password', { login: asGithub('shop'), masked })).toBe(PASSWORD);
    expect(masked).toEqual([expect.stringMatching(/^eyJ/), expect.stringMatching(/^hvs\./)]);
  });

  it('is read with a token from elsewhere, which remains valid', async () => {
    const { auth } = await vault.request('POST', 'auth/token/create', { policies: ['shop'], ttl: '5m' });
    const token = auth?.client_token ?? '';
    const masked: string[] = [];
    expect(await read('kv/shop/database', 'password', { login: { method: 'token', token }, masked })).toBe(
      PASSWORD,
    );
    await vault.request('POST', 'auth/token/lookup', { token });
    expect(masked).toEqual([token]);
  });

  it('costs one login for all secrets, whose token is revoked at the end', async () => {
    const masked: string[] = [];
    const store = open({ masked });
    const paths = ['kv/shop/database', 'old/shop/database', 'kv/shop/a b'];
    await Promise.all(paths.map(path => store.read({ from: 'vault', path, key: 'password' })));
    const tokens = masked.filter(secret => secret.startsWith('hvs.'));
    expect(tokens).toHaveLength(1);
    await vault.request('POST', 'auth/token/lookup', { token: tokens[0] ?? '' });
    await store.close?.();
    await expect(vault.request('POST', 'auth/token/lookup', { token: tokens[0] ?? '' })).rejects.toThrow(
      /403|404/,
    );
  });
});

describe('the version of a secret of a real Vault', () => {
  const versionOf = async (path: string) => {
    const store = open();
    try {
      return await store.versionOf?.({ from: 'vault', path, key: 'password' });
    } finally {
      await store.close?.();
    }
  };

  it('is that of the newest version, with its time, for version 2 of the engine', async () => {
    const { data } = await vault.request('GET', 'kv/metadata/shop/database');
    const { version, created_time: since } = { version: data?.['current_version'], ...timesOf(data) };
    expect(await versionOf('kv/shop/database')).toEqual({ id: String(version), since });
  });

  it('is not known for version 1, which keeps none', async () => {
    expect(await versionOf('old/shop/database')).toBeUndefined();
  });

  function timesOf(data: Record<string, unknown> | undefined): { readonly created_time?: unknown } {
    const versions = (data?.['versions'] ?? {}) as Record<string, { created_time?: unknown }>;
    return versions[String(data?.['current_version'])] ?? {};
  }
});

it('gives its token back though the run was cancelled meanwhile', async () => {
  const masked: string[] = [];
  const cancelled = new AbortController();
  const store = open({ masked, signal: cancelled.signal });
  await store.read({ from: 'vault', path: 'kv/shop/database', key: 'password' });
  cancelled.abort();
  await store.close?.();
  const token = masked.find(secret => secret.startsWith('hvs.')) ?? '';
  await expect(vault.request('POST', 'auth/token/lookup', { token })).rejects.toThrow(/403|404/);
});

describe('what Vault refuses is told in one sentence with its remedy', () => {
  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'a path that the policy does not have',
      () => read('kv/other/database'),
      'vault-forbidden',
      /may|let.*"kv\/other\/database"; add to its policy: path "kv\//,
    ],
    ['an engine that is not there', () => read('nowhere/a'), 'vault-forbidden', /"nowhere\/a"/],
    [
      'a secret that is not there',
      () => read('kv/shop/nothing'),
      'secret-missing',
      /has no secret "kv\/shop\/nothing"; fix "path"/,
    ],
    [
      'a path as the HTTP API has it',
      () => read('kv/data/shop/database'),
      'secret-missing',
      /"data" is not part of a secret's name; write path: kv\/shop\/database, here and/,
    ],
    [
      'a deleted version',
      () => read('kv/shop/gone'),
      'secret-missing',
      /newest version.*was deleted; undelete it/,
    ],
    [
      'a field that is not there',
      () => read('kv/shop/database', 'pasword'),
      'secret-missing',
      /no field "pasword"; did you mean "password"\?/,
    ],
    ['a field that is empty', () => read('kv/shop/database', 'empty'), 'secret-missing', /no field "empty"/],
    [
      'a field that is a map',
      () => read('kv/shop/database', 'map'),
      'secret-missing',
      /"map".* is not a scalar/,
    ],
    [
      'an engine of another kind',
      () => read('cubbyhole/a'),
      'vault-engine-unsupported',
      /is not in a key-value engine/,
    ],
    [
      'a role that is not there',
      () => read('kv/shop/database', 'password', { login: asGithub('shopp') }),
      'vault-login-refused',
      /as "shopp" at "auth\/ci\/github": there is no such role; check vault-role/,
    ],
    [
      'a role for another job',
      () => read('kv/shop/database', 'password', { login: asGithub('other') }),
      'vault-login-refused',
      /bound claims; compare/,
    ],
    [
      'another audience',
      () => read('kv/shop/database', 'password', { login: asGithub('shop', 'https://elsewhere') }),
      'vault-login-refused',
      /bound_audiences; add the address/,
    ],
    [
      'a forged token',
      () =>
        read('kv/shop/database', 'password', {
          login: {
            method: 'jwt',
            mount: 'ci/github',
            role: 'shop',
            idToken: async () => (await idToken(vault.address)).replace(/.{20}$/, 'AAAAAAAAAAAAAAAAAAAA'),
          },
        }),
      'vault-login-refused',
      /refuses the login/,
    ],
    [
      'a login method that is not there',
      () =>
        read('kv/shop/database', 'password', { login: { method: 'approle', mount: 'nowhere', ...appRole } }),
      'vault-login-refused',
      /check vault-mount/,
    ],
    [
      'a wrong secret ID',
      () =>
        read('kv/shop/database', 'password', {
          login: { method: 'approle', mount: 'approle', roleId: appRole.roleId, secretId: 'x' },
        }),
      'vault-login-refused',
      /secret ID is wrong/,
    ],
    [
      'a token that ran out',
      () => read('kv/shop/database', 'password', { login: { method: 'token', token: 'hvs.nothing' } }),
      'vault-forbidden',
      /does not let this login read/,
    ],
    [
      'a certificate that is not trusted',
      () => read('kv/shop/database', 'password', { certificateAuthority: '' }),
      'vault-unreachable',
      /certificate .* is not trusted .*; give its certificate authority as vault-ca/,
    ],
    [
      'no server',
      () => read('kv/shop/database', 'password', { address: 'https://127.0.0.1:1' }),
      'vault-unreachable',
      /does not answer \(ECONNREFUSED\); check vault-address/,
    ],
  ])('%s', async (_name, work, code, message) => {
    const failure = work();
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.not.toThrow(/p@ss|hvs\.|eyJ/);
  });

  it('a sealed Vault', async () => {
    await vault.seal();
    try {
      await expect(read('kv/shop/database')).rejects.toMatchObject({ code: 'vault-sealed' });
    } finally {
      await vault.unseal();
    }
    expect(await read('kv/shop/database')).toBe(PASSWORD);
  });
});

describe('a server that is not Vault', () => {
  const token = { method: 'token', token: 'hvs.precious' } as const;

  async function against(
    listener: RequestListener,
    work: (address: string) => Promise<unknown>,
  ): Promise<void> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const readFrom = (address: string) => read('kv/a', 'password', { address, login: token });

  it('and sends elsewhere gets no token there', async () => {
    const seen: unknown[] = [];
    await against(
      (request, response) => {
        seen.push(request.headers);
        response.end('{}');
      },
      elsewhere =>
        against(
          (_request, response) => void response.writeHead(307, { Location: `${elsewhere}/v1/kv/a` }).end(),
          async address => {
            await expect(readFrom(address)).rejects.toMatchObject({ code: 'vault-answer-invalid' });
            await expect(readFrom(address)).rejects.toThrow(/redirect.*active node/);
          },
        ),
    );
    expect(seen).toEqual([]);
  });

  it.each([
    ['HTML', '<html>Sign in, p@ss</html>'],
    ['another path than the one asked for', '{"data": {"path": "sys/", "type": "kv"}}'],
    ['what JSON is not', '{"data": '],
    ['a list', '[1]'],
    ['more than any secret', 'x'.repeat(5 * 1024 * 1024)],
  ])('and answers with %s is refused', async (_name, body) => {
    await against(
      (_request, response) => void response.end(body),
      async address => {
        await expect(readFrom(address)).rejects.toMatchObject({ code: 'vault-answer-invalid' });
        await expect(readFrom(address)).rejects.not.toThrow(/p@ss|precious/);
      },
    );
  });

  it('and repeats the token in its error is not repeated', async () => {
    await against(
      ({ headers }, response) =>
        void response.writeHead(403).end(JSON.stringify({ errors: [`no: ${headers['x-vault-token']}`] })),
      async address => {
        await expect(readFrom(address)).rejects.toMatchObject({ code: 'vault-forbidden' });
        await expect(readFrom(address)).rejects.not.toThrow(/precious/);
      },
    );
  });

  it('and lags behind or limits rates is asked again', async () => {
    const statuses = [429, 412];
    await against(
      (request, response) => {
        const status = statuses.shift() ?? 200;
        const isMount = request.url?.includes('mounts') === true;
        const data = isMount ? { path: 'kv/', type: 'kv' } : { password: 'at last' };
        response.writeHead(status).end(JSON.stringify({ data }));
      },
      async address => expect(await readFrom(address)).toBe('at last'),
    );
  });

  /** Answers as an engine of databases does, which the Vault of the testbed does not have. */
  const lender =
    (asked: string[], answer: object = {}): RequestListener =>
    (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const isMount = request.url?.includes('mounts') === true;
      const data = isMount ? { path: 'database/', type: 'database' } : { username: 'v-1', password: 'lent' };
      const lease = isMount ? {} : { lease_id: 'database/creds/shop/1', lease_duration: 3600, ...answer };
      const isLogin = request.url?.endsWith('/login') === true;
      const auth = isLogin ? { auth: { client_token: 'hvs.own', lease_duration: 600 } } : {};
      response.end(JSON.stringify({ ...auth, ...lease, data }));
    };
  const approle = { method: 'approle', mount: 'approle', roleId: 'a', secretId: 'b' } as const;
  const lent = { from: 'vault', path: 'database/creds/shop', key: 'password' } as const;
  const current = { ...lent, 'on-rollback': 'current' } as const;

  it('lends nothing to an entry that a rollback would restore, which is not even asked for', async () => {
    const asked: string[] = [];
    await against(lender(asked), async address => {
      const store = open({ address, login: token });
      await expect(store.read(lent)).rejects.toMatchObject({ code: 'secret-leased' });
      expect(await store.versionOf?.(lent)).toBeUndefined();
    });
    expect(asked).toEqual(['GET /v1/sys/internal/ui/mounts/database/creds/shop']);
  });

  it('lends one user for all fields, whose token is not revoked with it, and says how long both last', async () => {
    const asked: string[] = [];
    await against(lender(asked), async address => {
      const store = open({ address, login: approle });
      expect(Buffer.from(await store.read(current)).toString()).toBe('lent');
      expect(Buffer.from(await store.read({ ...current, key: 'username' })).toString()).toBe('v-1');
      expect(await store.versionOf?.(current)).toEqual({ lasts: 600 });
      await store.close?.();
    });
    expect(asked.filter(call => call.includes('creds') && !call.includes('mounts'))).toHaveLength(1);
    expect(asked.filter(call => call.includes('revoke'))).toEqual([]);
  });

  it('and answers without a lease where another engine is, is refused', async () => {
    await against(lender([], { lease_id: '' }), async address => {
      const store = open({ address, login: token });
      await expect(store.read(current)).rejects.toMatchObject({ code: 'vault-engine-unsupported' });
    });
  });

  it('and never answers is given up when the run is cancelled', async () => {
    const cancelled = new AbortController();
    await against(
      () => cancelled.abort(new Error('cancelled')),
      async address => {
        const failure = read('kv/a', 'password', { address, login: token, signal: cancelled.signal });
        await expect(failure).rejects.toThrow('cancelled');
      },
    );
  });
});
