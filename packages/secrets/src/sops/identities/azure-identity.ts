import { resolve, sep } from 'node:path';
import { AZURE_LOGINS } from '../../clouds/azure/azure-path.ts';
import { type IdentitySource, pick, type Variables } from './identity.ts';

const CLIENT = ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID'];

/**
 * What sops needs to be someone to Azure: a federated token, a client's secret, or the session of `az` that azure/login left.
 * AZURE_TOKEN_CREDENTIALS holds the SDK to this one; it would ask the machine's own identity otherwise.
 * https://learn.microsoft.com/azure/developer/go/sdk/authentication/credential-chains#how-to-customize-defaultazurecredential
 */
export function azureIdentity(source: IdentitySource): Variables | undefined {
  const { environment } = source;
  const client = pick(environment, CLIENT);
  const isClient = Object.keys(client).length === CLIENT.length;
  const federated = pick(environment, ['AZURE_FEDERATED_TOKEN_FILE']);
  const secret = pick(environment, ['AZURE_CLIENT_SECRET']);
  const own = { ...client, ...authorityOf(environment) };
  if (isClient && federated['AZURE_FEDERATED_TOKEN_FILE'] !== undefined)
    return { ...own, ...federated, AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential' };
  if (isClient && secret['AZURE_CLIENT_SECRET'] !== undefined)
    return { ...own, ...secret, AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' };
  return commandLineSession(source);
}

function authorityOf(environment: IdentitySource['environment']): Variables {
  const host = environment['AZURE_AUTHORITY_HOST']?.replace(/\/$/, '') ?? '';
  return AZURE_LOGINS.includes(host) ? { AZURE_AUTHORITY_HOST: host } : {};
}

/** `az` keeps its session in a folder; one in the workspace would be of whoever wrote the repository. */
function commandLineSession({ environment, workspace }: IdentitySource): Variables | undefined {
  const { AZURE_CONFIG_DIR: given, HOME: home } = environment;
  const folder = given || (home && `${home}/.azure`) || '';
  if (folder === '' || `${resolve(folder)}${sep}`.startsWith(`${resolve(workspace)}${sep}`)) return undefined;
  return { AZURE_CONFIG_DIR: resolve(folder), AZURE_TOKEN_CREDENTIALS: 'AzureCLICredential' };
}
