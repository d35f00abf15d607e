import type { SettingsReader } from '../../store.ts';
import { type CloudIdentity, parseCloudIdentity } from '../cloud-identity.ts';

/** What the step says of Azure. */
export interface AzureSettings {
  /** Whom to log in as with GitHub's identity token; undefined for what a login of the job left. */
  readonly client: AzureClient | undefined;
  readonly identity: CloudIdentity;
}

/** An application or a managed identity of a tenant. */
export interface AzureClient {
  readonly id: string;
  readonly tenant: string;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DOMAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

export function isGuid(text: string): boolean {
  return GUID.test(text);
}

export function readAzureSettings(reader: SettingsReader, isNeeded: boolean): AzureSettings {
  const [id, tenant] = [reader.text('azure-client-id'), reader.text('azure-tenant-id')];
  if (id !== '' && !isGuid(id))
    reader.problem('azure-client-id', 'is not a GUID', 'copy the application (client) ID from Entra');
  if (tenant !== '' && !isTenant(tenant))
    reader.problem(
      'azure-tenant-id',
      'is not a GUID or a domain',
      'copy the directory (tenant) ID from Entra',
    );
  if ((id === '') !== (tenant === ''))
    reader.problem(
      id === '' ? 'azure-client-id' : 'azure-tenant-id',
      'is missing',
      'set "azure-client-id" and "azure-tenant-id", or neither',
    );
  const identity = reader.parse('cloud-identity', () => parseCloudIdentity(reader.text('cloud-identity')));
  if (
    isNeeded &&
    id === '' &&
    tenant === '' &&
    identity?.from !== 'instance' &&
    !mayHaveLogin(reader.environment)
  )
    reader.problem(
      'azure-client-id',
      'is missing, and the step has no other way to log in to Azure',
      AZURE_CREDENTIALS_REMEDY,
    );
  return { client: id === '' || tenant === '' ? undefined : { id, tenant }, identity };
}

export const AZURE_CREDENTIALS_REMEDY =
  'set it and "azure-tenant-id", or run azure/login in an earlier step, or set cloud-identity: instance';

/** The client that the environment names, with the file of its token. */
export function federatedClient(
  environment: SettingsReader['environment'],
): (AzureClient & { readonly file: string }) | undefined {
  const { AZURE_CLIENT_ID: id, AZURE_TENANT_ID: tenant, AZURE_FEDERATED_TOKEN_FILE: file } = environment;
  return id && tenant && file && isGuid(id) && isTenant(tenant) ? { id, tenant, file } : undefined;
}

export function isTenant(text: string): boolean {
  return isGuid(text) || DOMAIN.test(text);
}

/** Where the program `az` keeps its session; whether there is one is known when it is asked. */
function mayHaveLogin(environment: SettingsReader['environment']): boolean {
  const { AZURE_CONFIG_DIR: folder, HOME: home } = environment;
  return federatedClient(environment) !== undefined || Boolean(folder || home);
}
