import { resolve } from 'node:path';
import { quote } from '@slipway/core';
import { isOutside } from '../../programs/program-outside.ts';
import type { CloudIdentity } from '../cloud-identity.ts';
import { runCloudProgram } from '../cloud-program.ts';
import { type CloudAnswer, cloudError, connectCloud } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
import { GOOGLE_RETRIES, type GoogleIdentity, type GoogleSurroundings } from './google-client.ts';

const METADATA = "Google's metadata server";

/** What `cloud-identity` names. @throws SlipwayError `cloud-identity-missing`, `cloud-unreachable` */
export async function tokenOfMachine(
  identity: NonNullable<CloudIdentity>,
  surroundings: GoogleSurroundings,
  endpoint?: URL,
): Promise<GoogleIdentity> {
  return identity.from === 'instance'
    ? await ofMachine(surroundings, endpoint)
    : await ofGcloud(identity.name, surroundings);
}

/** No variable says where it is, and no proxy is asked: the address is the machine's own. */
async function ofMachine(
  { signal, wait, mask }: GoogleSurroundings,
  endpoint: URL | undefined,
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

/**
 * gcloud knows the accounts of its configurations; it gets nothing but what finding them needs. They are not taken from the workspace,
 * where a commit could have brought them.
 */
async function ofGcloud(configuration: string, surroundings: GoogleSurroundings): Promise<GoogleIdentity> {
  const { environment, mask, workspace } = surroundings;
  const folder = resolve(environment['CLOUDSDK_CONFIG'] || `${environment['HOME'] ?? ''}/.config/gcloud`);
  if (!(await isOutside(folder, workspace))) throw noGcloud('takes no configuration of the workspace');
  const args = ['auth', 'print-access-token', `--configuration=${configuration}`];
  const program = { command: 'gcloud', args, variables: { CLOUDSDK_CONFIG: folder } };
  const result = await runCloudProgram(program, surroundings);
  if (result === undefined) throw noGcloud('needs the program "gcloud", which is not on the runner');
  const token = result.stdout.trim();
  if (result.exitCode !== 0 || !/^\S+$/.test(token))
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
