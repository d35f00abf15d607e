import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue, parseJsonIfAny } from '@slipway/core';

/** A file with credentials of Google that goes nowhere but to Google, and comes from nowhere but this job. */
export type CredentialsFile =
  | { readonly text: string; readonly credentials: JsonObject }
  /** What is wrong with it, as what the file does. */
  | { readonly refused: string };

/** @param requestUrl where the runner gives this job identity tokens; empty for nowhere */
export async function readCredentialsFile(
  path: string,
  workspace: string,
  requestUrl: string,
): Promise<CredentialsFile> {
  const text = await readFile(resolve(workspace, path), 'utf8').catch(() => undefined);
  if (text === undefined) return { refused: 'cannot be read' };
  const parsed = parseJsonIfAny(text);
  const credentials = isJsonObject(parsed) ? parsed : {};
  const refused = whyNot(credentials, requestUrl);
  return refused === undefined ? { text, credentials } : { refused };
}

/** Where Google's own services take credentials: https://google.aip.dev/auth/4117 */
const TOKEN_URLS = ['https://sts.googleapis.com/v1/token', 'https://sts.googleapis.com/v1beta/token'];
const KEY_TOKEN_URLS = ['https://oauth2.googleapis.com/token', 'https://accounts.google.com/o/oauth2/token'];
/** Whose service account is asked for. */
export const IMPERSONATION =
  /^https:\/\/iamcredentials\.googleapis\.com\/v1\/projects\/-\/serviceAccounts\/([^/?#]+):generateAccessToken$/;

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
