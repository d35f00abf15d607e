import { quote } from '@slipway/core';
import { type CloudAnswer, cloudError } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
import {
  CLOUD_SCOPE,
  errorOf,
  type GoogleConnection,
  type GoogleIdentity,
  type GoogleSurroundings,
  googleUrl,
  unexpectedFromGoogle,
} from './google-client.ts';

const STS = "Google's Security Token Service";
const IAM = "Google's IAM Credentials";
const JSON_BODY = { 'content-type': 'application/json' };

export function providerResource(provider: string): string {
  return `//iam.googleapis.com/${provider}`;
}

export interface Federation {
  readonly provider: string;
  /** Empty for the identity of the job itself. */
  readonly serviceAccount: string;
  readonly audience: string;
  readonly source: string;
}

/** https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token */
export async function federated(
  { provider, serviceAccount, audience, source }: Federation,
  { idToken, mask }: GoogleSurroundings,
  connection: GoogleConnection,
): Promise<GoogleIdentity> {
  const subjectToken = await idToken(audience);
  mask(subjectToken);
  const answer = await connection.send({
    service: STS,
    method: 'POST',
    url: googleUrl(connection, 'sts.googleapis.com', '/v1/token'),
    headers: JSON_BODY,
    body: JSON.stringify({
      audience: providerResource(provider),
      grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
      scope: CLOUD_SCOPE,
      subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
      subjectToken,
    }),
  });
  const token = textIn(answer.body, 'access_token');
  if (answer.status !== 200 || token === '') throw exchangeRefused(provider, answer);
  mask(token);
  if (serviceAccount === '') return { token, name: `this job at ${provider}`, source };
  return { token: await impersonated(serviceAccount, token, connection, mask), name: serviceAccount, source };
}

const REASONS: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  invalid_grant: [
    'the identity token has expired, is of another issuer, or has another audience',
    'compare the issuer and the allowed audiences of the provider with the job',
  ],
  unauthorized_client: [
    "the provider's attribute condition does not fit the job",
    'compare the condition with the job: repository, ref, environment',
  ],
  invalid_target: [
    'there is no such provider, or it is disabled or deleted',
    'fix "gcp-provider", or the provider',
  ],
};

function exchangeRefused(provider: string, answer: CloudAnswer): Error {
  const code = textIn(answer.body, 'error');
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (known === undefined) return unexpectedFromGoogle(answer, code, STS, `the login at ${quote(provider)}`);
  return cloudError(
    'cloud-login-refused',
    `Google refuses the login at ${quote(provider)}: ${known[0]}`,
    known[1],
  );
}

/** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken */
async function impersonated(
  account: string,
  token: string,
  connection: GoogleConnection,
  mask: (secret: string) => void,
): Promise<string> {
  const path = `/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`;
  const answer = await connection.send({
    service: IAM,
    method: 'POST',
    url: googleUrl(connection, 'iamcredentials.googleapis.com', path),
    headers: { ...JSON_BODY, authorization: `Bearer ${token}` },
    body: JSON.stringify({ scope: [CLOUD_SCOPE], lifetime: '900s' }),
  });
  const own = textIn(answer.body, 'accessToken');
  if (answer.status !== 200 || own === '') throw accountRefused(account, answer);
  mask(own);
  return own;
}

function accountRefused(account: string, answer: CloudAnswer): Error {
  const { status, reason } = errorOf(answer);
  if (reason === 'SERVICE_DISABLED')
    return cloudError(
      'cloud-login-refused',
      `Google refuses the login as ${quote(account)}: its project does not use the IAM Credentials API`,
      'enable iamcredentials.googleapis.com in the project of the service account',
    );
  if (/^(?:PERMISSION_DENIED|NOT_FOUND)$/.test(status))
    return cloudError(
      'cloud-login-refused',
      `Google refuses the login as ${quote(account)}: it does not exist, or the job may not act as it`,
      'grant roles/iam.workloadIdentityUser on it to the principal of the job',
    );
  return unexpectedFromGoogle(answer, reason || status, IAM, `the login as ${quote(account)}`);
}
