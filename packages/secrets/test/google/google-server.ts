import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type JsonObject, parseJsonIfAny } from '@slipway/core';
import { crc32c } from '../../src/clouds/google/crc32c.ts';
import { listen } from '../aws-server.ts';
import { describedIn } from '../described.ts';

export const PROJECT = { id: 'shop-production', number: '123456789012' };
export const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/acme';
export const ACCOUNT = 'shop@shop-production.iam.gserviceaccount.com';
export const JOB_TOKEN = 'header.payload.signature';
const TOKENS = { federated: 'federated-token', account: 'account-token' };

export interface StoredVersion {
  readonly data: Uint8Array;
  readonly state?: 'ENABLED' | 'DISABLED' | 'DESTROYED';
}

/** What Google's discovery documents do not describe. */
export const undescribed = describedIn(new URL('descriptions.json', import.meta.url));

/** Versions by the name of a secret, such as `database`, or `europe-west3/database` for one of a location. */
export type StoredSecrets = Readonly<Record<string, readonly StoredVersion[]>>;

export interface GoogleServer {
  readonly address: string;
  /** Each request: its method and path. */
  readonly asked: string[];
  /** What Google's discovery documents do not describe. */
  readonly undescribed: string[];
  /** Answers what is asked of Secret Manager, where a test says so. */
  instead: RequestListener | undefined;
  /** The same for logins. */
  insteadOfLogin: RequestListener | undefined;
}

/** An alias of versions of any secret, and their number. */
const ALIASES: Readonly<Record<string, number>> = { before: 1 };

/** Secret Manager, the Security Token Service, IAM Credentials and the token endpoint of OAuth 2.0, as far as they are asked. */
export async function startGoogle(secrets: StoredSecrets): Promise<GoogleServer> {
  const google: { -readonly [Key in keyof GoogleServer]: GoogleServer[Key] } = {
    ...{ address: '', asked: [], undescribed: [], instead: undefined, insteadOfLogin: undefined },
  };
  const server = await listen(async (request, response) => {
    const { method = '', url = '' } = request;
    google.asked.push(`${method} ${url}`);
    const isLogin = method === 'POST';
    const instead = isLogin ? google.insteadOfLogin : google.instead;
    if (instead !== undefined) return instead(request, response);
    const body = await bodyOf(request);
    const answer = isLogin ? logIn(request, body) : access(request, secrets);
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    if (answer.status === 200 && url !== '/token')
      google.undescribed.push(
        ...undescribed(
          { httpMethod: method, path: url.split('?')[0] ?? '' },
          isForm ? undefined : body,
          answer.body,
        ),
      );
    send(response, answer.status, answer.body);
  });
  google.address = server.address;
  return google;
}

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** JSON, or the form that RFC 8693 and RFC 7523 have, whose names Google's JSON has without underscores. */
async function bodyOf(request: IncomingMessage): Promise<JsonObject | undefined> {
  const text = Buffer.concat(await request.toArray()).toString();
  if (text === '') return undefined;
  if (request.headers['content-type']?.startsWith('application/json'))
    return parseJsonIfAny(text) as JsonObject;
  const fields = [...new URLSearchParams(text)].map(([name, value]) => [
    name.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(fields) as JsonObject;
}

function logIn({ url = '', headers }: IncomingMessage, body: JsonObject = {}): Answer {
  const token = { access_token: TOKENS.federated, expires_in: 3600, token_type: 'Bearer' };
  if (url === '/token') return { status: 200, body: { ...token, access_token: TOKENS.account } };
  if (url === '/v1/token') {
    const isGood =
      body['audience'] === `//iam.googleapis.com/${PROVIDER}` &&
      body['grantType'] === 'urn:ietf:params:oauth:grant-type:token-exchange' &&
      body['subjectTokenType'] === 'urn:ietf:params:oauth:token-type:jwt' &&
      body['subjectToken'] === JOB_TOKEN;
    const issued_token_type = 'urn:ietf:params:oauth:token-type:access_token';
    return isGood
      ? { status: 200, body: { ...token, issued_token_type } }
      : { status: 400, body: { error: 'invalid_grant', error_description: 'no' } };
  }
  if (headers.authorization !== `Bearer ${TOKENS.federated}`) return failure(401, 'UNAUTHENTICATED');
  return decodeURIComponent(url) === `/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`
    ? { status: 200, body: { accessToken: TOKENS.account, expireTime: '2099-01-01T00:00:00Z' } }
    : failure(403, 'PERMISSION_DENIED', 'no', 'IAM_PERMISSION_DENIED');
}

const ACCESS =
  /^\/v1\/projects\/([^/]+)(?:\/locations\/([^/]+))?\/secrets\/([^/]+)\/versions\/([^/]+):access(?:\?.*)?$/;

function access({ url = '', headers }: IncomingMessage, secrets: StoredSecrets): Answer {
  if (!Object.values(TOKENS).some(token => headers.authorization === `Bearer ${token}`))
    return failure(401, 'UNAUTHENTICATED');
  const [, project = '', location = '', name = '', wanted = ''] = ACCESS.exec(url) ?? [];
  if (![PROJECT.id, PROJECT.number].includes(project))
    return failure(403, 'PERMISSION_DENIED', `Permission denied on resource project ${project}.`);
  const versions = secrets[location === '' ? name : `${location}/${name}`] ?? [];
  const index = wanted === 'latest' ? versions.length : (ALIASES[wanted] ?? Number(wanted));
  const place = location === '' ? '' : `/locations/${location}`;
  const resource = `projects/${PROJECT.number}${place}/secrets/${name}`;
  const version = versions[index - 1];
  if (version === undefined)
    return failure(404, 'NOT_FOUND', `Secret [${resource}] not found or has no versions.`);
  const { data, state = 'ENABLED' } = version;
  const full = `${resource}/versions/${index}`;
  if (state !== 'ENABLED')
    return failure(400, 'FAILED_PRECONDITION', `Secret Version [${full}] is in ${state} state.`);
  const payload = { data: Buffer.from(data).toString('base64'), dataCrc32c: String(crc32c(data)) };
  return { status: 200, body: { name: full, payload } };
}

/** https://google.aip.dev/193 */
export function failure(code: number, status: string, message = 'no', reason = ''): Answer {
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' };
  const details = reason === '' ? {} : { details: [info] };
  return { status: code, body: { error: { code, message, status, ...details } } };
}

export function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(body));
}
