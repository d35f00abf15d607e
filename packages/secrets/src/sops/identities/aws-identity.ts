import { quote } from '@slipway/core';
import { describeCloudIdentity } from '../../clouds/cloud-identity.ts';
import { readTokenFile } from '../../clouds/token-file.ts';
import { type Identity, type IdentitySource, pick, type Variables } from './identity.ts';

const STATIC = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const WEB_IDENTITY = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'];
/** How the SDK reaches AWS, but not where: addresses of services are not among them. */
const MANNERS = [
  'AWS_CA_BUNDLE',
  'AWS_MAX_ATTEMPTS',
  'AWS_RETRY_MODE',
  'AWS_STS_REGIONAL_ENDPOINTS',
  'AWS_USE_DUALSTACK_ENDPOINT',
  'AWS_USE_FIPS_ENDPOINT',
];

/**
 * What sops needs to be someone to AWS: what `cloud-identity` names, static or session variables, or else a role with its token file.
 * Profiles, programs that print credentials and the machine's own role are switched off, which the SDK would take otherwise.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 * @throws SlipwayError `sops-identity-refused`, and as `exportedCredentials` does
 */
export async function awsIdentity(source: IdentitySource): Promise<Identity | undefined> {
  const found = (await named(source)) ?? keyOf(source) ?? (await webIdentity(source));
  if (found === undefined) return undefined;
  const variables = {
    ...found.variables,
    ...pick(source.environment, MANNERS),
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
  };
  return { ...found, variables };
}

async function named(source: IdentitySource): Promise<Identity | undefined> {
  const { identity } = source;
  if (identity === undefined) return undefined;
  const { exportedCredentials } = await import('../../clouds/cloud-stores.ts');
  const { accessKeyId, secretAccessKey, sessionToken } = await exportedCredentials(identity, source);
  const session: Variables = sessionToken === '' ? {} : { AWS_SESSION_TOKEN: sessionToken };
  return {
    variables: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, ...session },
    source: `cloud-identity: ${describeCloudIdentity(identity)}`,
  };
}

function keyOf({ environment }: IdentitySource): Identity | undefined {
  const variables = pick(environment, STATIC);
  return Object.keys(variables).length < STATIC.length
    ? undefined
    : {
        variables: { ...variables, ...pick(environment, ['AWS_SESSION_TOKEN']) },
        source: 'the owner of AWS_ACCESS_KEY_ID',
      };
}

async function webIdentity({ environment, workspace }: IdentitySource): Promise<Identity | undefined> {
  const variables = pick(environment, WEB_IDENTITY);
  if (Object.keys(variables).length < WEB_IDENTITY.length) return undefined;
  const variable = 'AWS_WEB_IDENTITY_TOKEN_FILE';
  const file = { variable, path: variables[variable] ?? '' };
  const { path } = await readTokenFile(file, workspace, 'sops-identity-refused');
  return {
    variables: { ...variables, [variable]: path, ...pick(environment, ['AWS_ROLE_SESSION_NAME']) },
    source: `${quote(variables['AWS_ROLE_ARN'] ?? '')}, from ${variable}`,
  };
}
