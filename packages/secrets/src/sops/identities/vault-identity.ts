import { quote } from '@slipway/core';
import type { StoreSurroundings } from '../../store.ts';
import { logIn, logOut, type VaultLogin, type VaultSession } from '../../vault/login.ts';
import { connectVault } from '../../vault/vault-client.ts';
import type { VaultSettings } from '../../vault/vault-settings.ts';
import { type VaultOptions, vaultAccess } from '../../vault/vault-store.ts';
import type { Identity } from './identity.ts';

/** sops speaks to the address of the step's Vault with a token of its own login, and follows no redirect with it. */
export function vaultIdentity(surroundings: StoreSurroundings, settings: VaultSettings | undefined) {
  let session: VaultSession | undefined;
  let access: VaultOptions | undefined;
  return {
    async find(): Promise<Identity | undefined> {
      access = settings && (await vaultAccess(settings, surroundings));
      if (access === undefined) return undefined;
      const { server, login, mask } = access;
      session = await logIn(connectVault(server), login, mask);
      const variables = {
        VAULT_TOKEN: session.token,
        ...(server.namespace === '' ? {} : { VAULT_NAMESPACE: server.namespace }),
        ...(server.certificateAuthority === '' ? {} : { VAULT_CACERT_BYTES: server.certificateAuthority }),
        VAULT_DISABLE_REDIRECTS: 'true',
        SOPS_HC_VAULT_ALLOWLIST: `${server.address.origin}${server.address.pathname}`,
      };
      return { variables, source: described(login) };
    },
    async close(): Promise<void> {
      if (session !== undefined && access !== undefined) await logOut(connectVault(access.server), session);
    },
  };
}

function described(login: VaultLogin): string {
  switch (login.method) {
    case 'jwt':
      return `${quote(login.role)}, from the input "vault-role"`;
    case 'approle':
      return 'the role in VAULT_ROLE_ID';
    case 'token':
      return 'the owner of VAULT_TOKEN';
  }
}
