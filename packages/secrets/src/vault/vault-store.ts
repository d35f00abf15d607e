import type { JsonObject, VaultReference } from '@slipway/core';
import type { SecretStore } from '../store.ts';
import { fieldText, readKeyValue } from './key-value.ts';
import { logIn, logOut, type VaultLogin, type VaultSession } from './login.ts';
import { connectVault, type VaultServer } from './vault-client.ts';

export interface VaultOptions {
  readonly server: VaultServer;
  readonly login: VaultLogin;
  readonly mask: (secret: string) => void;
}

/** Vault or OpenBao. It logs in when the first secret is asked for, and reads each path once. */
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
