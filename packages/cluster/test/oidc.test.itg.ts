import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createAuthority } from '@slipway/testbed';
import { type OidcSettings, oidcTokens, type RenewedTokens } from '../src/credentials/oidc.ts';

const MINUTE = 60_000;

/** What the provider says of itself, and what it was asked. */
let methods: readonly string[] | undefined;
let asked: { readonly login: string | undefined; readonly form: Record<string, string> }[];
let answer: () => { readonly status: number; readonly content: object };
let provider: Server;
let authority: Buffer;
let now: number;

const issuer = () => `https://127.0.0.1:${(provider.address() as AddressInfo).port}`;

const jwt = (claims: object): string =>
  [{ alg: 'RS256' }, claims, {}]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

/** As the provider writes it, good for a minute of the clock that the library has. */
const fresh = (): string => {
  const seconds = Math.floor(Date.now() / 1000);
  return jwt({ iss: issuer(), aud: 'kubernetes', sub: 'me', iat: seconds, exp: seconds + 60 });
};

beforeAll(async () => {
  const made = await createAuthority('an authority', () => new Date());
  authority = Buffer.from(made.certificate);
  const { certificate, key } = await made.server(['127.0.0.1']);
  provider = createServer({ cert: certificate, key }, async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    const isToken = request.url === '/token';
    if (isToken) asked.push({ login: request.headers.authorization, form });
    const { status, content } = isToken ? answer() : { status: 200, content: metadata() };
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
  });
  await once(provider.listen(0, '127.0.0.1'), 'listening');
});

afterAll(() => {
  provider.closeAllConnections();
  provider.close();
});

beforeEach(() => {
  methods = undefined;
  asked = [];
  now = Date.now();
  answer = () => ({
    status: 200,
    content: { access_token: 'a', token_type: 'Bearer', id_token: fresh(), refresh_token: 'next' },
  });
});

const metadata = () => ({
  issuer: issuer(),
  token_endpoint: `${issuer()}/token`,
  authorization_endpoint: `${issuer()}/authorize`,
  jwks_uri: `${issuer()}/keys`,
  response_types_supported: ['code'],
  ...(methods && { token_endpoint_auth_methods_supported: methods }),
});

const tokens = (changes: Partial<OidcSettings> = {}, renewed: RenewedTokens = new Map()) =>
  oidcTokens(
    {
      issuer: issuer(),
      clientId: 'kubernetes',
      clientSecret: 'the secret',
      idToken: jwt({ exp: 1 }),
      refreshToken: 'first',
      authority: { data: authority },
      ...changes,
    },
    () => now,
    renewed,
  );

describe('a token of OpenID Connect', () => {
  it('is used as it is until ten seconds before it expires', async () => {
    const idToken = jwt({ exp: (now + MINUTE) / 1000 });
    const { token, renewAt } = tokens({ idToken });
    expect(renewAt()).toBe(now + MINUTE - 10_000);
    expect(await token()).toBe(idToken);
    now += MINUTE - 11_000;
    expect(await token()).toBe(idToken);
    expect(asked).toEqual([]);
    now += 2_000;
    expect(await token()).not.toBe(idToken);
    expect(asked).toHaveLength(1);
  });

  it('is renewed with the newest refresh token, and kept', async () => {
    const { token } = tokens();
    const first = await token();
    expect(await token()).toBe(first);
    now += 2 * MINUTE;
    await token();
    expect(asked.map(({ form }) => form['refresh_token'])).toEqual(['first', 'next']);
  });

  it('is asked for with the newest refresh token after the kubeconfig is read again', async () => {
    const renewed: RenewedTokens = new Map();
    await tokens({}, renewed).token();
    now += 2 * MINUTE;
    await tokens({}, renewed).token();
    expect(asked.map(({ form }) => form['refresh_token'])).toEqual(['first', 'next']);
  });

  it.each([
    ['in a header where the provider does not say', undefined, true],
    ['in a header where it takes both', ['client_secret_post', 'client_secret_basic'], true],
    ['in the body where it takes nothing else', ['client_secret_post'], false],
  ])('is renewed with the secret of the client %s', async (_title, supported, isInHeader) => {
    methods = supported;
    await tokens().token();
    const [{ login, form } = { login: '', form: {} }] = asked;
    const expected = `Basic ${Buffer.from('kubernetes:the+secret').toString('base64')}`;
    expect([login, form['client_secret']]).toEqual(
      isInHeader ? [expected, undefined] : [undefined, 'the secret'],
    );
  });

  it('is renewed for a client without a secret', async () => {
    await tokens({ clientSecret: '' }).token();
    expect(asked[0]).toMatchObject({ login: undefined, form: { client_id: 'kubernetes' } });
  });

  it.each<[string, Partial<OidcSettings>, () => ReturnType<typeof answer>, string]>([
    [
      'the provider refuses',
      {},
      () => ({ status: 400, content: { error: 'invalid_grant', error_description: 'first is used up' } }),
      'did not renew it (invalid_grant)',
    ],
    [
      'it gives another kind of token',
      {},
      () => ({ status: 200, content: { access_token: 'a', token_type: 'Bearer' } }),
      'did not renew it (its answer has no id_token)',
    ],
    ['there is no refresh token', { refreshToken: '' }, () => answer(), 'has no refresh-token'],
    ['the authority is another', { authority: undefined }, () => answer(), 'did not renew it ('],
  ])('is told in one sentence if %s', async (_title, changes, answered, message) => {
    answer = answered;
    const failure = await tokens(changes)
      .token()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'cluster-unauthorized',
      message: expect.stringContaining(message),
    });
    expect(String(failure)).not.toMatch(/first|the secret/);
  });
});
