import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KeyPair } from '../run/pki.ts';

/**
 * GitHub as a service sees it that trusts its jobs: an issuer of signed tokens, with the two documents that verify them, and the
 * address from which a job gets its token. Only GitHub is simulated; the service that verifies the tokens is real.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export interface IdentityProvider {
  readonly issuer: string;
  /** The variables of a job with the permission `id-token: write`. */
  readonly environment: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
  /** A token that expires after some seconds. */
  token(claims: Claims, seconds: number): string;
  stop(): Promise<void>;
}

const KEY_ID = 'testbed';
const LIFETIME_SECONDS = 300;
const REQUEST_PATH = '/token';

type Claims = Readonly<Record<string, string>>;

/**
 * @param claims those of the job, such as `repository` and `environment`
 * @param tls the certificate for 127.0.0.1, which an API server insists on
 */
export async function startIdentityProvider(claims: Claims, tls?: KeyPair): Promise<IdentityProvider> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const credential = randomUUID();
  const answering: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    if (url.pathname !== REQUEST_PATH)
      return answer(response, publicDocument(url.pathname, issuer, keys.publicKey));
    const audience = url.searchParams.get('audience') ?? 'https://github.com/acme';
    const token = { iss: issuer, aud: audience, ...claims };
    const value = signed(token, keys.privateKey, LIFETIME_SECONDS);
    answer(response, isAsked(request, credential) ? { value } : undefined);
  };
  const server =
    tls === undefined
      ? createServer(answering)
      : createTlsServer({ cert: tls.certificate, key: tls.key }, answering);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer}${REQUEST_PATH}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: credential,
    },
    token: (own, seconds) => signed({ iss: issuer, ...own }, keys.privateKey, seconds),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The public documents: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
function publicDocument(path: string, issuer: string, key: KeyObject): object | undefined {
  if (path === '/.well-known/jwks')
    return { keys: [{ ...key.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }] };
  if (path !== '/.well-known/openid-configuration') return undefined;
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
  };
}

/** A token in the form of RFC 7519. */
function signed(claims: Claims, key: KeyObject, seconds: number): string {
  const now = Math.floor(Date.now() / 1000);
  const times = { iat: now, nbf: now, exp: now + seconds, jti: randomUUID() };
  const text = [
    { alg: 'RS256', typ: 'JWT', kid: KEY_ID },
    { ...times, ...claims },
  ]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}

function isAsked({ method, headers }: IncomingMessage, credential: string): boolean {
  return method === 'GET' && headers.authorization === `Bearer ${credential}`;
}

function answer(response: ServerResponse, body: object | undefined): void {
  response.writeHead(body === undefined ? 401 : 200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body ?? { message: 'Unauthorized' }));
}
