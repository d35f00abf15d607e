import { quote, SlipwayError } from '@slipway/core';
import { type CloudAnswer, cloudError, connectCloud } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
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

/** gcloud knows the accounts of its configurations; it gets nothing but what finding them needs. */
export async function ofGcloud(
  configuration: string,
  { environment, exec, mask }: GoogleSurroundings,
): Promise<GoogleIdentity> {
  const passed = ['PATH', 'HOME', 'CLOUDSDK_CONFIG'].filter(name => environment[name]);
  const args = ['auth', 'print-access-token', `--configuration=${configuration}`];
  const running = exec('gcloud', args, {
    cwd: '/',
    environment: Object.fromEntries(passed.map(name => [name, environment[name]])),
  });
  const { exitCode, stdout } = await running.catch((error: unknown) => {
    if (error instanceof SlipwayError && error.code === 'command-not-found')
      return { exitCode: 127, stdout: '' };
    throw error;
  });
  const token = stdout.trim();
  if (exitCode !== 0 || !/^\S+$/.test(token))
    throw cloudError(
      'cloud-identity-missing',
      exitCode === 127
        ? 'cloud-identity needs the program "gcloud", which is not on the runner'
        : `"gcloud auth print-access-token" finds no credentials for cloud-identity: profile:${configuration}`,
      'run it on the runner to see what it says, or leave cloud-identity out and log in',
    );
  mask(token);
  const name = `the account of gcloud's configuration ${quote(configuration)}`;
  return { token, name, source: `cloud-identity: profile:${configuration}` };
}
