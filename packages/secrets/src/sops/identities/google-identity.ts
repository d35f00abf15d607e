import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue, parseJson, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../../error-codes.ts';
import type { IdentitySource, Variables } from './identity.ts';

/**
 * What sops needs to be someone to Google: the file that google-github-actions/auth left, or a token. The file is handed over as text,
 * so that what was checked is what is used. The REST client is the one that proxies of companies let through.
 * @throws SlipwayError `sops-identity-refused`
 */
export async function googleIdentity(source: IdentitySource): Promise<Variables | undefined> {
  const { GOOGLE_APPLICATION_CREDENTIALS: path, GOOGLE_OAUTH_ACCESS_TOKEN: token } = source.environment;
  const SOPS_GCP_KMS_CLIENT_TYPE = 'rest';
  if (path) return { GOOGLE_CREDENTIALS: await readCredentials(path, source), SOPS_GCP_KMS_CLIENT_TYPE };
  return token ? { GOOGLE_OAUTH_ACCESS_TOKEN: token, SOPS_GCP_KMS_CLIENT_TYPE } : undefined;
}

async function readCredentials(path: string, { workspace, environment }: IdentitySource): Promise<string> {
  const text = await readFile(resolve(workspace, path), 'utf8').catch(() => undefined);
  if (text === undefined) throw refused('cannot be read', 'check the login step before this one');
  const reason = whyNot(credentialsIn(text), environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  if (reason !== undefined)
    throw refused(reason, 'log in with google-github-actions/auth in an earlier step of this job');
  return text;
}

function credentialsIn(text: string): JsonObject {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Where Google's own services take credentials: https://google.aip.dev/auth/4117 */
const TOKEN_URLS = ['https://sts.googleapis.com/v1/token', 'https://sts.googleapis.com/v1beta/token'];
const KEY_TOKEN_URLS = ['https://oauth2.googleapis.com/token', 'https://accounts.google.com/o/oauth2/token'];
const IMPERSONATION =
  /^https:\/\/iamcredentials\.googleapis\.com\/v1\/projects\/-\/serviceAccounts\/[^/?#]+:generateAccessToken$/;

/** Undefined for credentials that go nowhere but to Google, and that come from nowhere but this job. */
function whyNot(credentials: JsonObject, requestUrl: string): string | undefined {
  const { type, universe_domain: universe = 'googleapis.com' } = credentials;
  if (universe !== 'googleapis.com') return 'is for another cloud than Google';
  if (type === 'service_account')
    return isAmong(credentials['token_uri'], KEY_TOKEN_URLS) ? undefined : 'sends its key to another server';
  if (type !== 'external_account') return 'is of a type that a job does not log in with';
  const { token_url: tokenUrl, service_account_impersonation_url: impersonation } = credentials;
  if (!isAmong(tokenUrl, TOKEN_URLS)) return 'sends its token to another server';
  if (
    impersonation !== undefined &&
    !(typeof impersonation === 'string' && IMPERSONATION.test(impersonation))
  )
    return 'asks another server for an account';
  return isOfThisJob(credentials['credential_source'], requestUrl)
    ? undefined
    : "takes its token from another source than this job's own";
}

function isAmong(value: JsonValue | undefined, known: readonly string[]): boolean {
  return typeof value === 'string' && known.includes(value);
}

/** The runner's endpoint for identity tokens, and neither a program nor the machine's own identity. */
function isOfThisJob(source: JsonValue | undefined, requestUrl: string): boolean {
  if (!isJsonObject(source) || typeof source['url'] !== 'string' || requestUrl === '') return false;
  const known = new Set(['url', 'headers', 'format']);
  const [asked, own] = [URL.parse(source['url']), URL.parse(requestUrl)];
  return (
    Object.keys(source).every(name => known.has(name)) &&
    asked !== null &&
    own !== null &&
    asked.origin === own.origin &&
    asked.pathname === own.pathname
  );
}

function refused(what: string, remedy: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({
    code: 'sops-identity-refused',
    message: `the file in GOOGLE_APPLICATION_CREDENTIALS ${what}`,
    remedy,
  });
}
