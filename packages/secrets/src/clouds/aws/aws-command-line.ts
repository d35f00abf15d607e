import { resolve } from 'node:path';
import type { ExecResult } from '@slipway/core';
import { parseBody } from '../../http/json-body.ts';
import { isOutside } from '../../programs/program-outside.ts';
import type { StoreSurroundings } from '../../store.ts';
import { describeCloudIdentity } from '../cloud-identity.ts';
import { runCloudProgram } from '../cloud-program.ts';
import { cloudError } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
import type { AwsSettings } from './aws-settings.ts';
import type { AwsCredentials } from './sign-request.ts';

type Surroundings = Pick<StoreSurroundings, 'environment' | 'exec' | 'workspace'>;
type Named = NonNullable<AwsSettings['identity']>;
type Variables = Readonly<Record<string, string>>;

/**
 * AWS's own program knows profiles, sessions of SSO, containers and instances; it gets nothing but what these need.
 * @throws SlipwayError `cloud-identity-missing`, `cloud-unreachable`
 */
export async function exportedCredentials(
  identity: Named,
  surroundings: Surroundings,
): Promise<AwsCredentials> {
  const result =
    identity.from === 'profile'
      ? await ofProfile(identity.name, surroundings)
      : await ofMachine(surroundings);
  if (result === undefined)
    throw missing('cloud-identity needs the program "aws", which is not on the runner', INSTALL);
  const found = parseBody(result.stdout);
  const [accessKeyId, secretAccessKey] = [textIn(found, 'AccessKeyId'), textIn(found, 'SecretAccessKey')];
  if (result.exitCode !== 0 || accessKeyId === '' || secretAccessKey === '')
    throw missing(
      `"aws configure export-credentials" finds no credentials for cloud-identity: ${describeCloudIdentity(identity)}`,
      LOOK,
    );
  return { accessKeyId, secretAccessKey, sessionToken: textIn(found, 'SessionToken') };
}

const EXPORT = ['configure', 'export-credentials', '--format', 'process'];

async function ofProfile(name: string, surroundings: Surroundings): Promise<ExecResult | undefined> {
  const variables = await profileVariables(surroundings);
  const args = [...EXPORT, '--profile', name];
  return await runCloudProgram({ command: 'aws', args, variables }, surroundings);
}

/** It gets no proxies: the addresses are the machine's own, and behind a proxy they would be those of another machine. */
async function ofMachine(surroundings: Surroundings): Promise<ExecResult | undefined> {
  const { environment } = surroundings;
  const program = { command: 'aws', args: EXPORT, variables: machineVariables(environment) };
  return await runCloudProgram(program, { ...surroundings, environment: { PATH: environment['PATH'] } });
}

/** The files that a profile is in name programs to start, and those of the workspace are of whoever wrote the repository. */
async function profileVariables({ environment, workspace }: Surroundings): Promise<Variables> {
  const { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials } = environment;
  const home = environment['HOME'] || NOWHERE.HOME;
  const pathOf = (file: string): string => resolve(file.replace(/^~(?=\/)/, home));
  const variables = {
    HOME: home,
    AWS_CONFIG_FILE: pathOf(config || `${home}/.aws/config`),
    AWS_SHARED_CREDENTIALS_FILE: pathOf(credentials || `${home}/.aws/credentials`),
  };
  const areOutside = await Promise.all(
    [...Object.values(variables), `${home}/.aws`].map(file => isOutside(file, workspace)),
  );
  if (areOutside.every(Boolean)) return variables;
  throw missing(
    'cloud-identity takes no profile of the workspace',
    'keep the files of profiles outside of it, or leave cloud-identity out and log in',
  );
}

const NOWHERE = {
  HOME: '/nonexistent',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

/** How a container says where its credentials are: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
const CONTAINER = [
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
];

function machineVariables(environment: Surroundings['environment']): Variables {
  const given = CONTAINER.filter(name => environment[name]).map(name => [name, environment[name]]);
  return { ...NOWHERE, ...Object.fromEntries(given) };
}

const INSTALL = 'install version 2 of it in an earlier step, or leave cloud-identity out and log in';
const LOOK = 'run it on the runner to see what it says, or leave cloud-identity out and log in';

function missing(what: string, remedy: string): Error {
  return cloudError('cloud-identity-missing', what, remedy);
}
