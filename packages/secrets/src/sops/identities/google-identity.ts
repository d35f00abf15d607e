import { quote, SlipwayError } from '@slipway/core';
import { IMPERSONATION, readCredentialsFile } from '../../clouds/google/credentials-file.ts';
import { fileVariable } from '../../clouds/google/google-settings.ts';
import { textIn } from '../../clouds/http/json-values.ts';
import type { SecretsErrorCode } from '../../error-codes.ts';
import type { Identity, IdentitySource } from './identity.ts';

const TOKEN = 'GOOGLE_OAUTH_ACCESS_TOKEN';
/** The REST client is the one that proxies of companies let through. */
const CLIENT_TYPE = { SOPS_GCP_KMS_CLIENT_TYPE: 'rest' };

/**
 * What sops needs to be someone to Google: what `cloud-identity` names, the file that google-github-actions/auth left, or a token. The
 * file is handed over as text, so that what was checked is what is used.
 * @throws SlipwayError `sops-identity-refused`, and for `cloud-identity` as the store of Google does
 */
export async function googleIdentity(source: IdentitySource): Promise<Identity | undefined> {
  const { environment, identity } = source;
  if (identity !== undefined) {
    const { tokenOfMachine } = await import('../../clouds/cloud-stores.ts');
    const { token, name, source: from } = await tokenOfMachine(identity, source);
    return { variables: { [TOKEN]: token, ...CLIENT_TYPE }, source: `${name}, from ${from}` };
  }
  const variable = fileVariable(environment);
  if (variable !== undefined) return await ofFile(variable, source);
  const token = environment[TOKEN];
  return token
    ? { variables: { [TOKEN]: token, ...CLIENT_TYPE }, source: `the owner of a token, from ${TOKEN}` }
    : undefined;
}

async function ofFile(variable: string, { workspace, environment }: IdentitySource): Promise<Identity> {
  const requestUrl = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '';
  const file = await readCredentialsFile(environment[variable] ?? '', workspace, requestUrl);
  if ('refused' in file)
    throw new SlipwayError<SecretsErrorCode>({
      code: 'sops-identity-refused',
      message: `the file in ${variable} ${file.refused}`,
      remedy: 'log in with google-github-actions/auth in an earlier step of this job',
    });
  const { credentials, text } = file;
  const [, impersonated] = IMPERSONATION.exec(textIn(credentials, 'service_account_impersonation_url')) ?? [];
  const name = textIn(credentials, 'client_email') || impersonated || 'this job';
  return {
    variables: { GOOGLE_CREDENTIALS: text, ...CLIENT_TYPE },
    source: `${quote(name)}, from ${variable}`,
  };
}
