import { type IdentitySource, pick, type Variables } from './identity.ts';

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
 * What sops needs to be someone to AWS: static or session variables, or else a role with its token file. Profiles, programs that print
 * credentials and the machine's own role are switched off, which the SDK would take otherwise.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export function awsIdentity({ environment }: IdentitySource): Variables | undefined {
  const [session, role] = [pick(environment, STATIC), pick(environment, WEB_IDENTITY)];
  const isStatic = Object.keys(session).length === STATIC.length;
  if (!isStatic && Object.keys(role).length < WEB_IDENTITY.length) return undefined;
  return {
    ...(isStatic
      ? { ...session, ...pick(environment, ['AWS_SESSION_TOKEN']) }
      : { ...role, ...pick(environment, ['AWS_ROLE_SESSION_NAME']) }),
    ...pick(environment, MANNERS),
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
  };
}
