import { withheldText } from '../../login-environment.ts';
import type { SettingsReader } from '../../store.ts';
import { type CloudIdentity, parseCloudIdentity, readEndpoint } from '../cloud-identity.ts';

/** What the step says of AWS. */
export interface AwsSettings {
  /** Roles to log in as with GitHub's identity token, at most one for each account. */
  readonly roles: readonly string[];
  readonly identity: CloudIdentity;
  /** Asked instead of all services of AWS; undefined for these. */
  readonly endpoint: URL | undefined;
}

const ROLE = /^arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;

export function readAwsSettings(reader: SettingsReader, isNeeded: boolean): AwsSettings {
  const roles = reader
    .text('aws-role')
    .split(/[\s,]+/)
    .filter(role => role !== '');
  if (!roles.every(role => ROLE.test(role)))
    reader.problem(
      'aws-role',
      'is not the ARN of a role',
      'write arn:aws:iam::<account>:role/<name>, one per account',
    );
  if (new Set(roles.map(accountOfArn)).size !== roles.length)
    reader.problem('aws-role', 'names two roles of one account', 'leave one of them');
  const identity = reader.parse('cloud-identity', () => parseCloudIdentity(reader.text('cloud-identity')));
  if (isNeeded && roles.length === 0 && identity === undefined && !hasLogin(reader.environment))
    reader.problem(
      'aws-role',
      `is missing, and the step has no other way to log in to AWS${withheldText(reader, AWS_CREDENTIALS)}`,
      AWS_CREDENTIALS_REMEDY,
    );
  return { roles, identity, endpoint: readEndpoint(reader, 'aws-endpoint') };
}

export const AWS_CREDENTIALS_REMEDY =
  'set it, or run aws-actions/configure-aws-credentials in an earlier step, or set cloud-identity';

export const AWS_CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

type Environment = SettingsReader['environment'];

function hasLogin(environment: Environment): boolean {
  return hasKey(environment) || hasWebIdentity(environment);
}

export function hasKey({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key }: Environment): boolean {
  return Boolean(id && key);
}

export function hasWebIdentity({
  AWS_ROLE_ARN: role,
  AWS_WEB_IDENTITY_TOKEN_FILE: file,
}: Environment): boolean {
  return Boolean(role && file);
}

/** The account of `arn:<partition>:<service>:<region>:<account>:…`. */
export function accountOfArn(arn: string): string {
  return arn.split(':')[4] ?? '';
}
