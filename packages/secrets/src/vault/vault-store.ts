import type { JsonObject, VaultReference } from '@slipway/core';
import type {
  Credentials,
  MissingCredentials,
  SecretStore,
  SecretStoreKind,
  StoreSurroundings,
} from '../store.ts';
import { readCertificateAuthority } from './certificate-authority.ts';
import { fieldText, readKeyValue } from './key-value.ts';
import { logIn, logOut, type VaultLogin, type VaultSession } from './login.ts';
import { connectVault, type VaultServer } from './vault-client.ts';

export const vaultStoreKind: SecretStoreKind<VaultReference> = {
  title: 'Vault',
  example: 'vault=kv/shop/*',
  linesAre: 'patterns',
  addressOf: ({ path }) => path,
  credentialsRemedy:
    'set the inputs vault-address and vault-role, or instead of the role VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_TOKEN, under "env:" of the step',
  missingCredentials,
  open: openVault,
};

function missingCredentials({ environment, vault }: Credentials): MissingCredentials | undefined {
  if (vault === undefined)
    return {
      input: 'vault-address',
      message: 'is missing, but "secrets" names Vault',
      remedy: 'write https://host:port',
    };
  const { VAULT_TOKEN: token, VAULT_ROLE_ID: roleId, VAULT_SECRET_ID: secretId } = environment;
  if (vault.role !== '' || token || (roleId && secretId)) return undefined;
  return {
    input: 'vault-role',
    message: 'is missing, and the step has no other way to log in to Vault',
    remedy: 'set it, or VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_TOKEN, under "env:" of the step',
  };
}

async function openVault(surroundings: StoreSurroundings): Promise<SecretStore<VaultReference> | undefined> {
  const { vault, environment, workspace, signal, mask } = surroundings;
  const login = loginOf(surroundings);
  if (vault === undefined || login === undefined) return undefined;
  const { address, namespace } = vault;
  const certificateAuthority = await readCertificateAuthority(vault.certificateAuthority, workspace);
  return vaultStore({
    server: { address, namespace, certificateAuthority, environment, signal },
    login,
    mask,
  });
}

/** The input `vault-role` takes precedence over credentials that happen to be in the environment. */
function loginOf({ vault, environment, idToken }: StoreSurroundings): VaultLogin | undefined {
  if (vault === undefined) return undefined;
  const { role, mount, audience } = vault;
  if (role !== '') return { method: 'jwt', mount: mount || 'jwt', role, idToken: () => idToken(audience) };
  const { VAULT_ROLE_ID: roleId, VAULT_SECRET_ID: secretId, VAULT_TOKEN: token } = environment;
  if (roleId && secretId) return { method: 'approle', mount: mount || 'approle', roleId, secretId };
  return token ? { method: 'token', token } : undefined;
}

export interface VaultOptions {
  readonly server: VaultServer;
  readonly login: VaultLogin;
  readonly mask: (secret: string) => void;
}

/** Vault or OpenBao. It logs in when the first secret is read, and reads each path once. */
export function vaultStore({ server, login, mask }: VaultOptions): SecretStore<VaultReference> {
  const call = connectVault(server);
  const secrets = new Map<string, Promise<JsonObject>>();
  let session: Promise<VaultSession> | undefined;
  const readOnce = (path: string): Promise<JsonObject> => {
    session ??= logIn(call, login, mask);
    const reading =
      secrets.get(path) ?? session.then(({ token }) => readKeyValue(call, token, path.split('/')));
    secrets.set(path, reading);
    return reading;
  };
  return {
    async read({ path, key }) {
      return Buffer.from(fieldText(await readOnce(path), key, path.split('/')), 'utf8');
    },
    async close() {
      const open = await session?.catch(() => undefined);
      if (open !== undefined) await logOut(call, open);
    },
  };
}
