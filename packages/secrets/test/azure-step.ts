import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { StoreSurroundings } from '@slipway/secrets';
import { libraryPath } from '@slipway/testbed';
import type { AzureSettings } from '../src/clouds/azure/azure-settings.ts';
import { keyVaultCertificates, keyVaultSecrets, openAzureSession } from '../src/clouds/cloud-stores.ts';

type Session = Parameters<typeof openAzureSession>;
type Wanted = Partial<Pick<StoreSurroundings, 'environment' | 'exec' | 'idToken' | 'workspace'>> &
  Partial<Pick<AzureSettings, 'client' | 'identity'>> &
  Pick<Session[1], 'sendToMachine'>;

/** Both stores of Azure, with what they told and masked, and how long they waited. */
export function azureStores({ client, identity, ...wanted }: Wanted) {
  const [told, masked, pauses] = [[] as string[], [] as string[], [] as number[]];
  const tell = (message: string) => void told.push(message);
  const session = openAzureSession(
    { client, identity },
    {
      environment: {},
      workspace: '/nonexistent/workspace',
      exec: () => Promise.reject(new Error('no program is expected')),
      idToken: () => Promise.reject(new Error('no identity token is expected')),
      mask: secret => void masked.push(secret),
      logger: { info: tell, warning: tell },
      signal: AbortSignal.timeout(60_000),
      wait: async milliseconds => void pauses.push(milliseconds),
      ...wanted,
    },
  );
  return {
    secrets: keyVaultSecrets(session),
    certificates: keyVaultCertificates(session),
    told,
    masked,
    pauses,
  };
}

const SCRIPT = `
import json, sys
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import ApiVersion, SecretClient

vault, token, version, calls = json.load(sys.stdin)
scopes = []

class Fixed:
    def get_token(self, *asked, **options):
        scopes.extend(asked)
        return AccessToken(token, 2**31)

client = SecretClient(vault, Fixed(), **({'api_version': version} if version else {}))

def call(action, name, *given):
    if action == 'set':
        return client.set_secret(name, given[0], content_type=given[1]).properties.version
    if action == 'disable':
        return client.set_secret(name, 'disabled', enabled=False).properties.version
    if action == 'delete':
        return client.begin_delete_secret(name) and None
    found = client.get_secret(name, *given)
    said = found.properties
    return {'value': found.value, 'version': said.version, 'contentType': said.content_type, 'managed': said.managed,
            'kid': said.key_id, 'created': said.created_on.timestamp(), 'vault': said.vault_url, 'name': found.name}

def tried(action):
    try:
        return call(*action)
    except (HttpResponseError, ValueError) as error:
        return {'error': type(error).__name__, 'status': getattr(error, 'status_code', None)}

answers = [tried(action) for action in calls]
print(json.dumps({'answers': answers, 'scopes': scopes, 'versions': [one.value for one in ApiVersion]}))
`;

export interface SdkCalls {
  readonly vault: string;
  readonly token: string;
  /** A version of the vault's interface; empty for the newest. */
  readonly version: string;
  readonly calls: readonly (readonly string[])[];
}

/** What Azure's own client gets, which looks at the challenge's resource too. @param network how it gets there */
export async function askWithSdk(
  { vault, token, version, calls }: SdkCalls,
  network: { readonly HTTPS_PROXY: string; readonly SSL_CERT_FILE: string },
) {
  const environment = {
    PATH: process.env['PATH'],
    PYTHONPATH: await libraryPath('azure_keyvault'),
    HTTPS_PROXY: network.HTTPS_PROXY,
    REQUESTS_CA_BUNDLE: network.SSL_CERT_FILE,
  };
  const running = promisify(execFile)('python3', ['-c', SCRIPT], { env: environment });
  running.child.stdin?.end(JSON.stringify([vault, token, version, calls]));
  const { stdout } = await running;
  // biome-ignore lint/suspicious/noExplicitAny: what Python prints has the shape that each test expects.
  return JSON.parse(stdout) as { answers: any[]; scopes: string[]; versions: string[] };
}
