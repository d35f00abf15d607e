import { SlipwayError } from '@slipway/core';
import { readCredentialsFile } from '../../clouds/google/credentials-file.ts';
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
  const requestUrl = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '';
  const file = await readCredentialsFile(path, workspace, requestUrl);
  if ('text' in file) return file.text;
  throw new SlipwayError<SecretsErrorCode>({
    code: 'sops-identity-refused',
    message: `the file in GOOGLE_APPLICATION_CREDENTIALS ${file.refused}`,
    remedy: 'log in with google-github-actions/auth in an earlier step of this job',
  });
}
