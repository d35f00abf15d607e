import { resolve } from 'node:path';
import { quote } from '@slipway/core';
import { type CloudAnswer, cloudError, connectCloud } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
import { NETWORK_VARIABLES } from '../network-variables.ts';
import { withPatience } from '../patience.ts';
import { isOutside, programOutside } from '../program-outside.ts';
import {
  GOOGLE_RETRIES,
  type GoogleConnection,
  type GoogleIdentity,
  type GoogleSurroundings,
} from './google-client.ts';

const METADATA = "Google's metadata server";

/** No variable says where it is, and no proxy is asked: the address is the machine's own. */
export async function ofMachine(
  { signal, wait, mask }: GoogleSurroundings,
  { endpoint }: GoogleConnection,
): Promise<GoogleIdentity> {
  const connection = { environment: {}, signal, ...(wait === undefined ? {} : { wait }) };
  const send = connectCloud(connection, GOOGLE_RETRIES);
  const about = async (what: string): Promise<CloudAnswer> =>
    await send({
      service: METADATA,
      method: 'GET',
      url: new URL(
        `/computeMetadata/v1/instance/service-accounts/default/${what}`,
        endpoint ?? 'http://169.254.169.254',
      ),
      headers: { 'metadata-flavor': 'Google' },
    });
  const [given, email] = [await about('token'), await about('email')];
  const token = textIn(given.body, 'access_token');
  if (given.status !== 200 || token === '' || given.headers['metadata-flavor'] !== 'Google')
    throw cloudError(
      'cloud-identity-missing',
      'the machine has no service account for cloud-identity: instance',
      'give the runner a service account, or leave cloud-identity out and log in',
    );
  mask(token);
  const name = /^[\w.@-]{1,200}$/.test(email.text) ? email.text : 'the service account of the machine';
  return { token, name, source: 'cloud-identity: instance' };
}

/** Milliseconds for the program, which starts slowly and asks Google. */
const PATIENCE = 60_000;

/**
 * gcloud knows the accounts of its configurations; it gets nothing but what finding them needs. Neither it nor they are taken from the
 * workspace, where a commit could have brought them.
 */
export async function ofGcloud(
  configuration: string,
  { environment, exec, mask, workspace }: GoogleSurroundings,
): Promise<GoogleIdentity> {
  const path = environment['PATH'] ?? '';
  const program = await programOutside('gcloud', path, workspace);
  if (program === undefined) throw noGcloud('needs the program "gcloud", which is not on the runner');
  const folder = environment['CLOUDSDK_CONFIG'] || `${environment['HOME'] ?? ''}/.config/gcloud`;
  if (!(await isOutside(resolve(folder), workspace)))
    throw noGcloud('takes no configuration of the workspace');
  const network = NETWORK_VARIABLES.filter(name => environment[name]).map(name => [name, environment[name]]);
  const running = exec(program, ['auth', 'print-access-token', `--configuration=${configuration}`], {
    cwd: '/',
    environment: { PATH: path, CLOUDSDK_CONFIG: resolve(folder), ...Object.fromEntries(network) },
  });
  const { exitCode, stdout } = await withPatience(running, PATIENCE, notAnswered);
  const token = stdout.trim();
  if (exitCode !== 0 || !/^\S+$/.test(token))
    throw noGcloud(`finds no credentials of the configuration ${quote(configuration)} with gcloud`);
  mask(token);
  const name = `the account of gcloud's configuration ${quote(configuration)}`;
  return { token, name, source: `cloud-identity: profile:${configuration}` };
}

function noGcloud(what: string): Error {
  return cloudError(
    'cloud-identity-missing',
    `cloud-identity ${what}`,
    'run `gcloud auth print-access-token` on the runner to see what it says, or leave cloud-identity out and log in',
  );
}

function notAnswered(): Error {
  return cloudError(
    'cloud-unreachable',
    'the program "gcloud" gives no token, and does not end',
    'check the network of the runner and its proxy, and run the job again',
  );
}
