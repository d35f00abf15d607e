import { withheldText } from '../../login-environment.ts';
import type { SettingsReader } from '../../store.ts';
import { type CloudIdentity, parseCloudIdentity, readEndpoint } from '../cloud-identity.ts';
import { PROVIDER } from './google-path.ts';

/** What the step says of Google Cloud. */
export interface GoogleSettings {
  /** The provider of a workload identity pool that takes GitHub's identity token; empty for none. */
  readonly provider: string;
  /** The service account to act as after that; empty for the identity of the job itself. */
  readonly serviceAccount: string;
  readonly identity: CloudIdentity;
  /** Asked instead of all services of Google; undefined for these. */
  readonly endpoint: URL | undefined;
}

const ACCOUNT = /^[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$/;

export function readGoogleSettings(reader: SettingsReader, isNeeded: boolean): GoogleSettings {
  const [provider, serviceAccount] = [reader.text('gcp-provider'), reader.text('gcp-service-account')];
  if (provider !== '' && !PROVIDER.test(provider))
    reader.problem(
      'gcp-provider',
      'is not the provider of a workload identity pool',
      'write projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>',
    );
  if (serviceAccount !== '' && !ACCOUNT.test(serviceAccount))
    reader.problem(
      'gcp-service-account',
      'is not the address of a service account',
      'write <name>@<project>.iam.gserviceaccount.com, or leave it out',
    );
  if (serviceAccount !== '' && provider === '')
    reader.problem('gcp-service-account', 'needs "gcp-provider"', 'set both, or neither');
  const identity = reader.parse('cloud-identity', () => parseCloudIdentity(reader.text('cloud-identity')));
  if (isNeeded && provider === '' && identity === undefined && !hasLogin(reader.environment))
    reader.problem(
      'gcp-provider',
      `is missing, and the step has no other way to log in to Google Cloud${withheldText(reader, GOOGLE_CREDENTIALS)}`,
      GOOGLE_CREDENTIALS_REMEDY,
    );
  return { provider, serviceAccount, identity, endpoint: readEndpoint(reader, 'gcp-endpoint') };
}

export const GOOGLE_CREDENTIALS_REMEDY =
  'set it, or run google-github-actions/auth in an earlier step, or set cloud-identity';

export const GOOGLE_CREDENTIALS = ['GOOGLE_OAUTH_ACCESS_TOKEN'];

type Environment = SettingsReader['environment'];

function hasLogin(environment: Environment): boolean {
  return fileVariable(environment) !== undefined || Boolean(environment['GOOGLE_OAUTH_ACCESS_TOKEN']);
}

/** The variable that names a file with credentials; google-github-actions/auth sets both. */
export function fileVariable(environment: Environment): string | undefined {
  return ['GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_GHA_CREDS_PATH'].find(name => environment[name]);
}
