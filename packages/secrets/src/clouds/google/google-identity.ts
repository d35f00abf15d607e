import { isJsonObject, type JsonObject } from '@slipway/core';
import { cloudError } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
import { ofKey } from './account-key.ts';
import { IMPERSONATION, readCredentialsFile } from './credentials-file.ts';
import { federated, providerResource } from './federation.ts';
import type { GoogleConnection, GoogleIdentity, GoogleSurroundings } from './google-client.ts';
import { PROVIDER } from './google-path.ts';
import { fileVariable, type GoogleSettings } from './google-settings.ts';
import { tokenOfMachine } from './machine-identity.ts';

/**
 * The identity that reads secrets: the provider of the input, else what a login of the job left. That of the machine or of a
 * configuration of gcloud is taken only if the workflow says so.
 * @throws SlipwayError `cloud-login-refused`, `cloud-unreachable`, `cloud-identity-missing`
 */
export async function identifyToGoogle(
  { provider, serviceAccount, identity }: GoogleSettings,
  surroundings: GoogleSurroundings,
  connection: GoogleConnection,
): Promise<GoogleIdentity> {
  const { environment, mask } = surroundings;
  if (provider !== '')
    return await federated(
      {
        provider,
        serviceAccount,
        audience: `https:${providerResource(provider)}`,
        source: 'the input "gcp-provider"',
      },
      surroundings,
      connection,
    );
  if (identity !== undefined) return await tokenOfMachine(identity, surroundings, connection.endpoint);
  const variable = fileVariable(environment);
  if (variable !== undefined) return await ofFile(variable, surroundings, connection);
  const token = environment['GOOGLE_OAUTH_ACCESS_TOKEN'] ?? '';
  if (token === '')
    throw cloudError(
      'cloud-identity-missing',
      'the step has no identity of Google Cloud',
      'set "gcp-provider", or run google-github-actions/auth in an earlier step',
    );
  mask(token);
  return { token, name: 'the owner of a token', source: 'GOOGLE_OAUTH_ACCESS_TOKEN' };
}

/** What google-github-actions/auth wrote. Only names are taken from it: the token is asked for again, of the runner itself. */
async function ofFile(
  variable: string,
  surroundings: GoogleSurroundings,
  connection: GoogleConnection,
): Promise<GoogleIdentity> {
  const { environment, workspace } = surroundings;
  const requestUrl = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '';
  const file = await readCredentialsFile(environment[variable] ?? '', workspace, requestUrl);
  if ('refused' in file) throw fileRefused(variable, file.refused);
  if (file.credentials['type'] === 'service_account')
    return await ofKey(variable, file.credentials, surroundings, connection);
  const provider = textIn(file.credentials, 'audience').replace('//iam.googleapis.com/', '');
  if (!PROVIDER.test(provider)) throw fileRefused(variable, 'names no provider of a workload identity pool');
  const [, serviceAccount = ''] =
    IMPERSONATION.exec(textIn(file.credentials, 'service_account_impersonation_url')) ?? [];
  const audience = audienceIn(file.credentials) || `https:${providerResource(provider)}`;
  return await federated({ provider, serviceAccount, audience, source: variable }, surroundings, connection);
}

function audienceIn({ credential_source: source }: JsonObject): string {
  const url = isJsonObject(source) ? URL.parse(textIn(source, 'url')) : null;
  return url?.searchParams.get('audience') ?? '';
}

function fileRefused(variable: string, reason: string): Error {
  return cloudError(
    'cloud-login-refused',
    `the file in ${variable} ${reason}`,
    'log in with google-github-actions/auth in an earlier step of this job, or set "gcp-provider"',
  );
}
