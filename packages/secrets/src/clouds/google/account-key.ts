import { createSign } from 'node:crypto';
import { type JsonObject, quote } from '@slipway/core';
import { cloudError } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
import {
  CLOUD_SCOPE,
  type GoogleConnection,
  type GoogleIdentity,
  type GoogleSurroundings,
  googleUrl,
  unexpectedFromGoogle,
} from './google-client.ts';

const OAUTH = "Google's OAuth 2.0";

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
export async function ofKey(
  source: string,
  credentials: JsonObject,
  { mask }: GoogleSurroundings,
  connection: GoogleConnection,
): Promise<GoogleIdentity> {
  const name = textIn(credentials, 'client_email');
  const assertion = signedBy(textIn(credentials, 'private_key'), name, {
    iss: name,
    scope: CLOUD_SCOPE,
    aud: 'https://oauth2.googleapis.com/token',
    iat: Math.floor(Date.now() / 1_000),
    exp: Math.floor(Date.now() / 1_000) + 600,
  });
  mask(assertion);
  const answer = await connection.send({
    service: OAUTH,
    method: 'POST',
    url: googleUrl(connection, 'oauth2.googleapis.com', '/token'),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
    }).toString(),
  });
  const token = textIn(answer.body, 'access_token');
  if (answer.status === 200 && token !== '') {
    mask(token);
    return { token, name, source };
  }
  const code = textIn(answer.body, 'error');
  if (code !== 'invalid_grant')
    throw unexpectedFromGoogle(answer, code, OAUTH, `the login as ${quote(name)}`);
  throw cloudError(
    'cloud-login-refused',
    `Google refuses the login as ${quote(name)}: its key was deleted or disabled, or the clock of the runner is wrong`,
    'log in with a provider instead of a key, or make another key',
  );
}

function signedBy(key: string, name: string, claims: JsonObject): string {
  const parts = [{ alg: 'RS256', typ: 'JWT' }, claims].map(part =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const text = parts.join('.');
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  } catch {
    throw cloudError(
      'cloud-login-refused',
      `the file with the key of ${quote(name)} has no private key in PEM`,
      'make another key, or log in with a provider instead',
    );
  }
}
