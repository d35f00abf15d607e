import { quote } from '@slipway/core';
import { isHeaderWord } from '../../http/exchange.ts';
import type { StoreSurroundings } from '../../store.ts';
import { describeCloudIdentity } from '../cloud-identity.ts';
import { type CloudAnswer, cloudError } from '../http/cloud-service.ts';
import { readTokenFile } from '../token-file.ts';
import {
  type AwsConnection,
  endpointOf,
  errorCodeOf,
  isBusy,
  loginProblem,
  sendSigned,
  unexpectedFromAws,
} from './aws-client.ts';
import { exportedCredentials } from './aws-command-line.ts';
import { type AwsSettings, accountOfArn, hasKey, hasWebIdentity } from './aws-settings.ts';
import type { AwsCredentials } from './sign-request.ts';

/** Who asks AWS. */
export interface AwsIdentity {
  readonly credentials: AwsCredentials;
  readonly arn: string;
  /** Where the credentials come from, for the log. */
  readonly source: string;
}

type Surroundings = Pick<StoreSurroundings, 'environment' | 'exec' | 'idToken' | 'mask' | 'workspace'>;

const STS = 'AWS STS';
/** What `aws-actions/configure-aws-credentials` asks GitHub for, and what IAM's provider for GitHub has. */
const AUDIENCE = 'sts.amazonaws.com';

/**
 * The identity that reads the secrets of an account: a role of the input, else what a login of the job left. That of the machine or of a
 * profile is taken only if the workflow says so.
 * @throws SlipwayError `cloud-login-refused`, `cloud-unreachable`, `cloud-identity-missing`
 */
export async function identify(
  account: string,
  region: string,
  { roles, identity }: AwsSettings,
  surroundings: Surroundings,
  connection: AwsConnection,
): Promise<AwsIdentity> {
  const { environment, idToken } = surroundings;
  const role = roles.find(candidate => accountOfArn(candidate) === account);
  if (role !== undefined)
    return await assumeRole(
      { role, token: () => idToken(AUDIENCE), source: 'the input "aws-role"' },
      region,
      surroundings,
      connection,
    );
  if (identity !== undefined)
    return await named(
      masked(await exportedCredentials(identity, surroundings), surroundings.mask),
      region,
      `cloud-identity: ${describeCloudIdentity(identity)}`,
      connection,
    );
  if (hasKey(environment)) return await named(keyOf(surroundings), region, 'AWS_ACCESS_KEY_ID', connection);
  if (hasWebIdentity(environment)) {
    const { AWS_ROLE_ARN: arn = '', AWS_WEB_IDENTITY_TOKEN_FILE: path = '' } = environment;
    const source = 'AWS_WEB_IDENTITY_TOKEN_FILE';
    const file = { variable: source, path };
    const token = async () => (await readTokenFile(file, surroundings.workspace)).token;
    return await assumeRole({ role: arn, token, source }, region, surroundings, connection);
  }
  throw cloudError(
    'cloud-identity-missing',
    `the step has no identity of the AWS account ${account}`,
    'add a role of this account to "aws-role", one per line',
  );
}

function keyOf({ environment, mask }: Surroundings): AwsCredentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = environment;
  return masked({ accessKeyId, secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'] ?? '' }, mask);
}

function masked(credentials: AwsCredentials, mask: (secret: string) => void): AwsCredentials {
  mask(credentials.secretAccessKey);
  if (credentials.sessionToken !== '') mask(credentials.sessionToken);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const words = {
    'access key ID': accessKeyId,
    'secret access key': secretAccessKey,
    'session token': sessionToken,
  };
  const broken = Object.entries(words).flatMap(([name, word]) => (isHeaderWord(word) ? [] : [name]));
  if (broken.length > 0) throw unusableWord(broken.join(' and the '));
  return credentials;
}

/** They would be refused by the client of HTTP, in an error that repeats them. */
function unusableWord(name: string): Error {
  return cloudError(
    'cloud-login-refused',
    `the ${name} of the step for AWS cannot be sent: white space, a line break or another character that AWS never writes is in it`,
    'store it again without the line break at its end, or log in with "aws-role"',
  );
}

/** An access key says nothing of its account; AWS does: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
async function named(
  credentials: AwsCredentials,
  region: string,
  source: string,
  connection: AwsConnection,
): Promise<AwsIdentity> {
  const service = { title: STS, service: 'sts', region };
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const answer = await sendSigned(connection, service, credentials, FORM, body);
  const arn = elementIn(answer, 'Arn');
  if (answer.status === 200 && arn !== '') return { credentials, arn, source };
  const code = errorCodeOf(answer);
  throw (
    loginProblem(code, STS) ??
    unexpectedFromAws(answer, code, STS, 'the question whose credentials these are')
  );
}

interface Assumption {
  readonly role: string;
  readonly token: () => Promise<string>;
  readonly source: string;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
async function assumeRole(
  { role, token, source }: Assumption,
  region: string,
  { environment, mask }: Surroundings,
  connection: AwsConnection,
): Promise<AwsIdentity> {
  const jwt = await token();
  mask(jwt);
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: role,
    RoleSessionName: sessionName(environment),
    WebIdentityToken: jwt,
  }).toString();
  const url = endpointOf(connection, 'sts', region);
  const answer = await connection.send({ service: STS, method: 'POST', url, headers: FORM, body });
  const [accessKeyId, secretAccessKey] = [
    elementIn(answer, 'AccessKeyId'),
    elementIn(answer, 'SecretAccessKey'),
  ];
  if (answer.status !== 200 || accessKeyId === '' || secretAccessKey === '') throw roleRefused(role, answer);
  const sessionToken = elementIn(answer, 'SessionToken');
  return {
    credentials: masked({ accessKeyId, secretAccessKey, sessionToken }, mask),
    arn: elementIn(answer, 'Arn'),
    source,
  };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

/** CloudTrail shows it, so that the run can be found. */
function sessionName({ GITHUB_RUN_ID: run = '' }: Surroundings['environment']): string {
  return /^\d+$/.test(run) ? `slipway-${run}` : 'slipway';
}

/** STS answers in XML; nothing that is read of it has a character that XML escapes. */
function elementIn({ text }: CloudAnswer, name: string): string {
  return new RegExp(`<${name}>([^<&]*)</${name}>`).exec(text)?.[1]?.trim() ?? '';
}

const REASONS: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  AccessDenied: [
    'its trust policy does not fit the job',
    'compare its conditions with the job: repository, ref, environment, and the audience sts.amazonaws.com',
  ],
  ExpiredTokenException: ['the identity token has expired', 'run the job again'],
  InvalidIdentityToken: [
    'the account does not trust who signed the identity token',
    'add the OIDC provider token.actions.githubusercontent.com to IAM',
  ],
};

function roleRefused(role: string, answer: CloudAnswer): Error {
  const code = errorCodeOf(answer);
  if (isBusy(answer, code)) return unexpectedFromAws(answer, code, STS, `the login as ${quote(role)}`);
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  const [reason, remedy] = known ?? [
    `status ${answer.status}${code === '' ? '' : ` (${code})`}`,
    'look into CloudTrail',
  ];
  return cloudError('cloud-login-refused', `AWS refuses the login as ${quote(role)}: ${reason}`, remedy);
}
