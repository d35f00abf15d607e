import type { StoreSurroundings } from '../../store.ts';
import { type CloudAnswer, cloudError, type SendToCloud } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
import { readTokenFile } from '../token-file.ts';
import { commandLineToken } from './azure-command-line.ts';
import type { AzureCloud } from './azure-path.ts';
import {
  AZURE_CREDENTIALS_REMEDY,
  type AzureClient,
  type AzureSettings,
  federatedClient,
} from './azure-settings.ts';
import { isToken } from './azure-token.ts';
import { loginRefused } from './login-refused.ts';

/** Who asks Azure. */
export interface AzureIdentity {
  readonly token: string;
  /** Where the token comes from, for the log. */
  readonly source: string;
}

export interface AzureLogin {
  readonly settings: AzureSettings;
  readonly surroundings: Omit<StoreSurroundings, 'readFile'>;
  /** Asks Entra. */
  readonly send: SendToCloud;
  /** Asks the machine, without a proxy. */
  readonly sendToMachine: SendToCloud;
}

const ENTRA = 'Microsoft Entra';
const MACHINE = "Azure's metadata service";

/**
 * The identity that reads the secrets of one of Microsoft's clouds: the client of the inputs, that of the machine if the workflow says so,
 * else what a login of the job left.
 * @throws SlipwayError `cloud-login-refused`, `cloud-unreachable`, `cloud-identity-missing`
 */
export async function identifyToAzure(cloud: AzureCloud, login: AzureLogin): Promise<AzureIdentity> {
  const { settings, surroundings } = login;
  const { environment, idToken, workspace } = surroundings;
  if (settings.client !== undefined) {
    const assertion = () => idToken(cloud.audience);
    return await withAssertion(cloud, settings.client, assertion, 'the input "azure-client-id"', login);
  }
  if (settings.identity?.from === 'instance') return await ofMachine(cloud, login);
  const client = federatedClient(environment);
  if (client !== undefined) {
    const variable = 'AZURE_FEDERATED_TOKEN_FILE';
    const assertion = async () => (await readTokenFile({ variable, path: client.file }, workspace)).token;
    return await withAssertion(cloud, client, assertion, variable, login);
  }
  const token = await commandLineToken(cloud, surroundings);
  if (token !== undefined) return { token, source: 'the session of az' };
  throw cloudError(
    'cloud-identity-missing',
    'the step has no identity of Azure: az has no session outside of the workspace',
    AZURE_CREDENTIALS_REMEDY.replace('it and', '"azure-client-id" and'),
  );
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential */
async function withAssertion(
  { login: host, suffix }: AzureCloud,
  { id, tenant }: AzureClient,
  assertion: () => Promise<string>,
  source: string,
  { surroundings: { mask }, send }: AzureLogin,
): Promise<AzureIdentity> {
  const jwt = await assertion();
  mask(jwt);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: id,
    scope: `https://${suffix}/.default`,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt,
  }).toString();
  const url = new URL(`/${tenant}/oauth2/v2.0/token`, host);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const answer = await send({ service: ENTRA, method: 'POST', url, headers, body });
  const token = tokenIn(answer);
  if (token === undefined) throw loginRefused(id, answer);
  mask(token);
  return { token, source };
}

function tokenIn({ status, body }: CloudAnswer): string | undefined {
  const token = textIn(body, 'access_token');
  return status === 200 && isToken(token) ? token : undefined;
}

/** https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http */
async function ofMachine(
  { suffix }: AzureCloud,
  { surroundings, sendToMachine }: AzureLogin,
): Promise<AzureIdentity> {
  const { environment, mask } = surroundings;
  const url = new URL('http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01');
  url.searchParams.set('resource', `https://${suffix}`);
  if (environment['AZURE_CLIENT_ID']) url.searchParams.set('client_id', environment['AZURE_CLIENT_ID']);
  const answer = await sendToMachine({ service: MACHINE, method: 'GET', url, headers: { metadata: 'true' } });
  const token = tokenIn(answer);
  if (token === undefined)
    throw cloudError(
      'cloud-identity-missing',
      `${MACHINE} gives no token for cloud-identity: instance (status ${answer.status})`,
      'give the machine an identity, name one of several in AZURE_CLIENT_ID, or leave cloud-identity out and log in',
    );
  mask(token);
  return { token, source: 'cloud-identity: instance' };
}
