import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import { excerpt, isJsonObject, parseJsonIfAny, quote } from '@slipway/core';
import type { ClientAuth, CustomFetch } from 'openid-client';
import type { Fields } from '../entries/fields.ts';
import { type Material, parseMaterial, readMaterial } from '../entries/material.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';

/**
 * The `config` of the auth-provider `oidc`; texts that are missing are empty.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#option-1-oidc-authenticator
 */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly idToken: string;
  readonly refreshToken: string;
  readonly authority: Material | undefined;
}

/** Milliseconds before its end when a token is not used any more, as in kubectl. */
const EARLY = 10_000;
const LONGEST_REASON = 200;

/**
 * @param config undefined if it is missing
 * @throws SlipwayError `kubeconfig-invalid` without an issuer and a client
 */
export function parseOidcSettings(
  config: Fields | undefined,
  provider: Fields,
  folder: string,
): OidcSettings {
  const [issuer = '', clientId = ''] = [config?.text('idp-issuer-url'), config?.text('client-id')];
  if (config === undefined || issuer === '' || clientId === '')
    throw provider.wrong('has no idp-issuer-url or no client-id', 'add both to its config');
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:')
    throw provider.wrong('has an idp-issuer-url that is not an https:// URL', 'correct it');
  return {
    issuer,
    clientId,
    clientSecret: config.text('client-secret'),
    idToken: config.text('id-token'),
    refreshToken: config.text('refresh-token'),
    authority: parseMaterial(config, 'idp-certificate-authority', folder),
  };
}

interface Tokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

/** What was renewed in a run, by what the kubeconfig has: many providers take a refresh token only once. */
export type RenewedTokens = Map<string, Tokens>;

/**
 * Gives the token of a user, renewed at the provider when it has expired. What it gets is kept for this process only.
 * `token` throws SlipwayError `cluster-unauthorized` if the token has expired and cannot be renewed.
 */
export function oidcTokens(settings: OidcSettings, now: () => number, renewed: RenewedTokens) {
  const { issuer, clientId, idToken, refreshToken } = settings;
  const key = JSON.stringify([issuer, clientId, idToken, refreshToken]);
  const current = (): Tokens => renewed.get(key) ?? { idToken, refreshToken };
  return {
    renewAt: () => endOf(current().idToken) - EARLY,
    async token(): Promise<string> {
      if (now() + EARLY < endOf(current().idToken)) return current().idToken;
      if (current().refreshToken === '')
        throw expired('has expired, and the kubeconfig has no refresh-token');
      try {
        renewed.set(key, await refresh(settings, current().refreshToken));
      } catch (cause) {
        throw expired(`has expired, and ${quote(issuer)} did not renew it (${reasonOf(cause)})`);
      }
      return current().idToken;
    },
  };
}

/** Milliseconds since 1970 until when a JWT (RFC 7519) is good; 0 for a text that is not one, so that another is asked for. */
function endOf(token: string): number {
  const claims = parseJsonIfAny(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const end = isJsonObject(claims) ? claims['exp'] : undefined;
  return typeof end === 'number' ? end * 1000 : 0;
}

async function refresh(settings: OidcSettings, refreshToken: string): Promise<Tokens> {
  const { customFetch, discovery, refreshTokenGrant } = await import('openid-client');
  const authority = await readMaterial(settings.authority);
  const options = authority && { [customFetch]: fetchTrusting(authority) };
  const login = await clientLogin(settings.clientSecret);
  const provider = await discovery(new URL(settings.issuer), settings.clientId, undefined, login, options);
  const answer = await refreshTokenGrant(provider, refreshToken);
  if (answer.id_token === undefined) throw new Error('its answer has no id_token');
  return { idToken: answer.id_token, refreshToken: answer.refresh_token ?? refreshToken };
}

/**
 * How the client itself logs in: with its secret in a header, or in the body where the provider takes it only there.
 * https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
async function clientLogin(secret: string): Promise<ClientAuth> {
  const { ClientSecretBasic, ClientSecretPost, None } = await import('openid-client');
  if (secret === '') return None();
  const [inHeader, inBody] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, ...others) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const login = methods.includes('client_secret_basic') ? inHeader : inBody;
    return login(server, ...others);
  };
}

/** Node's own `fetch` takes no certificate authority. */
function fetchTrusting(authority: Buffer): CustomFetch {
  const agent = new Agent({ ca: authority });
  return (url, { method, headers, body, signal }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const sent = request(
      url,
      { agent, method, headers, ...(signal === undefined ? {} : { signal }) },
      response => {
        const content = Readable.toWeb(response) as ReadableStream<Uint8Array>;
        resolve(
          new Response(content, {
            status: response.statusCode ?? 0,
            headers: new Headers(response.headers as Record<string, string>),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body === null || body === undefined ? undefined : String(body));
    return promise;
  };
}

/** The reason that a provider gives (RFC 6749, section 5.2), or that of the connection; never a token, which neither holds. */
function reasonOf(error: unknown): string {
  const {
    error: code,
    message,
    cause,
  } = error as {
    readonly error?: unknown;
    readonly message?: unknown;
    readonly cause?: { readonly message?: unknown };
  };
  if (typeof code === 'string') return excerpt(code, LONGEST_REASON);
  return excerpt(String(cause?.message ?? message), LONGEST_REASON);
}

/** Without its cause, which may have the provider's answer, and with it tokens. */
function expired(what: string) {
  return kubeconfigError(
    'cluster-unauthorized',
    `the OpenID Connect token of the kubeconfig ${what}`,
    'log in again in the step before this one',
  );
}
