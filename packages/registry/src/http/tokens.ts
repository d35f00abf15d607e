import { isJsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import { invalidAnswer, refusal } from './answers.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { KnownCredentials } from './credentials.ts';
import type { Credentials } from './docker-config.ts';
import { isPlainHttp } from './endpoint.ts';

/** A complete answer of a token server. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface AuthenticatorOptions {
  readonly credentials: KnownCredentials;
  /** Sends one request to a token server; must not follow redirects, since the request carries the login. */
  readonly send: (request: {
    readonly method: 'GET' | 'POST';
    readonly url: URL;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
  }) => Promise<TokenAnswer>;
  readonly plainHttpRegistries: readonly string[];
  readonly now: () => Date;
}

/** Knows the authentication that each registry requires, and remembers its tokens. */
export interface Authenticator {
  /** The `Authorization` for a request, if the registry has already asked for one. */
  headerFor(registry: string, scopes: readonly string[]): Promise<string | undefined>;
  /**
   * Takes note of a 401.
   * @param used the `Authorization` of the request that got it
   * @returns false if no other attempt makes sense: the login is wrong, or there is none
   */
  learn(
    registry: string,
    scopes: readonly string[],
    challenge: string,
    used: string | undefined,
  ): Promise<boolean>;
  /**
   * Takes note that a registry refused a password.
   * @returns whether there is another one now, from a credential helper
   */
  renew(registry: string, used: string): Promise<boolean>;
}

interface Token {
  readonly header: string;
  readonly expires: number;
}

/** The lifetime of a token if the server does not state it, in seconds: https://distribution.github.io/distribution/spec/auth/token/ */
const DEFAULT_LIFETIME_SECONDS = 60;
/** Tokens are renewed this much before they expire, so that they last for the request. */
const RENEW_BEFORE_MS = 10_000;

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const challenges = new Map<string, Challenge>();
  const tokens = new Map<string, Promise<Token>>();

  async function tokenFor(registry: string, scopes: readonly string[], challenge: Challenge): Promise<Token> {
    const key = JSON.stringify([registry, ...scopes]);
    const known = await tokens.get(key);
    if (known !== undefined && known.expires > options.now().getTime()) return known;
    const asked = requestToken(registry, scopes, challenge, options);
    tokens.set(key, asked);
    asked.catch(() => tokens.delete(key));
    return await asked;
  }

  async function renew(registry: string, used: string): Promise<boolean> {
    if (!used.startsWith('Basic ')) return false;
    const known = await options.credentials.for(registry);
    const header = basicHeader(known);
    const now = header === used ? basicHeader(await options.credentials.after(registry, known)) : header;
    // A password that was refused remains refused.
    return now !== undefined && now !== used;
  }

  return {
    renew,

    async headerFor(registry, scopes) {
      const challenge = challenges.get(registry);
      if (challenge === undefined) return undefined;
      if (challenge.scheme === 'basic') return basicHeader(await options.credentials.for(registry));
      return (await tokenFor(registry, scopes, challenge)).header;
    },

    async learn(registry, scopes, header, used) {
      const [challenge] = parseChallenges(header);
      if (challenge === undefined) return false;
      challenges.set(registry, challenge);
      if (challenge.scheme === 'basic') {
        if (used !== undefined) return await renew(registry, used);
        return basicHeader(await options.credentials.for(registry)) !== undefined;
      }
      const key = JSON.stringify([registry, ...scopes]);
      const known = await tokens.get(key)?.catch(() => undefined);
      // Another request may have got a new token meanwhile: only the one that was refused is dropped.
      if (known?.header === used) tokens.delete(key);
      return true;
    },
  };
}

function basicHeader(credentials: Credentials | undefined): string | undefined {
  if (credentials === undefined || !('password' in credentials)) return undefined;
  const { username, password } = credentials;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function requestToken(
  registry: string,
  scopes: readonly string[],
  challenge: Challenge,
  options: AuthenticatorOptions,
): Promise<Token> {
  const realm = parseRealm(registry, challenge, options.plainHttpRegistries);
  const service = challenge.parameters['service'];
  const asked =
    scopes.length > 0 ? scopes : [challenge.parameters['scope'] ?? ''].filter(scope => scope !== '');
  const ask = async (credentials: Credentials | undefined) =>
    credentials !== undefined && 'identityToken' in credentials
      ? await options.send(refreshRequest(realm, service, asked, credentials.identityToken))
      : await options.send(tokenRequest(realm, service, asked, basicHeader(credentials)));
  const credentials = await options.credentials.for(registry);
  const first = await ask(credentials);
  const answer = first.status === 401 || first.status === 403 ? await askAgain(first) : first;
  if (answer.status !== 200) throw refusal(answer, registry, 'issue a token');
  return parseToken(registry, answer.body, options.now);

  async function askAgain(refused: TokenAnswer): Promise<TokenAnswer> {
    const renewed = await options.credentials.after(registry, credentials);
    return isSameLogin(renewed, credentials) ? refused : await ask(renewed);
  }
}

function isSameLogin(one: Credentials | undefined, other: Credentials | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @throws SlipwayError `token-realm-refused`: a login that came over TLS, or goes elsewhere, must not travel in the clear */
function parseRealm(registry: string, challenge: Challenge, plainHttpRegistries: readonly string[]): URL {
  const text = challenge.parameters['realm'] ?? '';
  if (!URL.canParse(text)) throw invalidAnswer(registry, 'a token server whose address is not a URL');
  const realm = new URL(text);
  const plainAllowed =
    isPlainHttp(registry, plainHttpRegistries) && isPlainHttp(realm.host, plainHttpRegistries);
  if (realm.protocol === 'https:' || (realm.protocol === 'http:' && plainAllowed)) return realm;
  throw new SlipwayError<RegistryErrorCode>({
    code: 'token-realm-refused',
    message: `the registry ${quote(registry)} asks to send its login to ${quote(realm.origin)}, which is not HTTPS`,
    remedy: 'nothing was sent; let its operator put the token server behind HTTPS',
  });
}

/** https://distribution.github.io/distribution/spec/auth/token/#requesting-a-token */
function tokenRequest(
  realm: URL,
  service: string | undefined,
  scopes: readonly string[],
  basic: string | undefined,
) {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  return { method: 'GET' as const, url, headers: basic === undefined ? {} : { authorization: basic } };
}

/** https://distribution.github.io/distribution/spec/auth/oauth/#refresh-token-format */
function refreshRequest(
  realm: URL,
  service: string | undefined,
  scopes: readonly string[],
  identityToken: string,
) {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    service: service ?? '',
    client_id: 'slipway',
    scope: scopes.join(' '),
    refresh_token: identityToken,
  });
  const body = Buffer.from(form.toString());
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
  };
  return { method: 'POST' as const, url: realm, headers, body };
}

function parseToken(registry: string, body: Buffer, now: () => Date): Token {
  const answer = parseObject(body);
  const token = answer['token'] ?? answer['access_token'];
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    throw invalidAnswer(registry, 'a token server that returns no token');
  const lifetime = answer['expires_in'];
  const seconds = typeof lifetime === 'number' ? lifetime : DEFAULT_LIFETIME_SECONDS;
  return { header: `Bearer ${token}`, expires: now().getTime() + seconds * 1000 - RENEW_BEFORE_MS };
}

function parseObject(body: Buffer): Readonly<Record<string, JsonValue>> {
  try {
    const value = JSON.parse(body.toString('utf8')) as JsonValue;
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
