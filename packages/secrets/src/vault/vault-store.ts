import type { JsonObject } from '@slipway/core';
import type { ReferenceTo, SecretStore, SecretStoreKind, StoreSurroundings } from '../store.ts';
import { readCertificateAuthority } from './certificate-authority.ts';
import { fieldText, readKeyValue } from './key-value.ts';
import { logIn, logOut, type VaultLogin, type VaultSession } from './login.ts';
import { connectVault, type VaultServer } from './vault-client.ts';
import { readVaultSettings, type VaultSettings } from './vault-settings.ts';

type VaultReference = ReferenceTo<'vault'>;

export const vaultStoreKind: SecretStoreKind<VaultReference, VaultSettings | undefined> = {
  title: 'Vault',
  example: 'vault=kv/shop/*',
  linesAre: 'patterns',
  addressOf: ({ path }) => path,
  credentials: ['VAULT_ROLE_ID', 'VAULT_SECRET_ID', 'VAULT_TOKEN'],
  credentialsRemedy:
    'set the inputs vault-address and vault-role, or instead of the role VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_TOKEN, under "env:" of the step',
  readSettings: readVaultSettings,
  open: openVault,
};

async function openVault(
  surroundings: StoreSurroundings,
  settings: VaultSettings | undefined,
): Promise<SecretStore<VaultReference> | undefined> {
  if (settings === undefined) return undefined;
  const { environment, workspace, signal, mask } = surroundings;
  const { address, namespace } = settings;
  const login = loginOf(settings, surroundings);
  if (login === undefined) return undefined;
  const certificateAuthority = await readCertificateAuthority(settings.certificateAuthority, workspace);
  return vaultStore({
    server: { address, namespace, certificateAuthority, environment, signal },
    login,
    mask,
  });
}

/** The input `vault-role` takes precedence over credentials that happen to be in the environment. */
function loginOf(
  { role, mount, audience }: VaultSettings,
  { environment, idToken }: StoreSurroundings,
): VaultLogin | undefined {
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
