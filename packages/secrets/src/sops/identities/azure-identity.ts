import { resolve } from 'node:path';
import { quote } from '@slipway/core';
import { AZURE_LOGINS } from '../../clouds/azure/azure-path.ts';
import { warnOfProfile } from '../../clouds/azure/ignored-profile.ts';
import { readTokenFile } from '../../clouds/token-file.ts';
import { isOutside } from '../../programs/program-outside.ts';
import { type Identity, type IdentitySource, pick, type Variables } from './identity.ts';

const CLIENT = ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID'];

/**
 * What sops needs to be someone to Azure: the machine's identity if the workflow says so, a federated token, a client's secret, or the
 * session of `az` that azure/login left. AZURE_TOKEN_CREDENTIALS holds the SDK to this one; it would ask the others otherwise.
 * https://learn.microsoft.com/azure/developer/go/sdk/authentication/credential-chains#how-to-customize-defaultazurecredential
 * @throws SlipwayError `sops-identity-refused`
 */
export async function azureIdentity(source: IdentitySource): Promise<Identity | undefined> {
  const { environment, identity } = source;
  warnOfProfile(source);
  if (identity?.from === 'instance')
    return {
      variables: {
        ...pick(environment, ['AZURE_CLIENT_ID']),
        AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
      },
      source: 'cloud-identity: instance',
    };
  const client = pick(environment, CLIENT);
  const isClient = Object.keys(client).length === CLIENT.length;
  return (isClient ? await ofClient(client, source) : undefined) ?? (await commandLineSession(source));
}

async function ofClient(
  client: Variables,
  { environment, workspace }: IdentitySource,
): Promise<Identity | undefined> {
  const own = { ...client, ...authorityOf(environment) };
  const name = `the client ${quote(client['AZURE_CLIENT_ID'] ?? '')}`;
  const variable = 'AZURE_FEDERATED_TOKEN_FILE';
  const { [variable]: file, AZURE_CLIENT_SECRET: secret } = environment;
  if (file) {
    const { path } = await readTokenFile({ variable, path: file }, workspace, 'sops-identity-refused');
    const variables = { ...own, [variable]: path, AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential' };
    return { variables, source: `${name}, from ${variable}` };
  }
  if (!secret) return undefined;
  const variables = { ...own, AZURE_CLIENT_SECRET: secret, AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' };
  return { variables, source: `${name}, from AZURE_CLIENT_SECRET` };
}

function authorityOf(environment: IdentitySource['environment']): Variables {
  const host = environment['AZURE_AUTHORITY_HOST']?.replace(/\/$/, '') ?? '';
  return AZURE_LOGINS.includes(host) ? { AZURE_AUTHORITY_HOST: host } : {};
}

/** `az` keeps its session in a folder; one in the workspace would be of whoever wrote the repository. */
async function commandLineSession({ environment, workspace }: IdentitySource): Promise<Identity | undefined> {
  const { AZURE_CONFIG_DIR: given, HOME: home } = environment;
  const folder = resolve(workspace, given || (home && `${home}/.azure`) || '');
  if (!(await isOutside(folder, workspace))) return undefined;
  return {
    variables: { AZURE_CONFIG_DIR: folder, AZURE_TOKEN_CREDENTIALS: 'AzureCLICredential' },
    source: 'the session of az',
  };
}
