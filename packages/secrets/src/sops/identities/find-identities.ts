import type { StoreSurroundings } from '../../store.ts';
import { logIn, logOut, type VaultSession } from '../../vault/login.ts';
import { connectVault } from '../../vault/vault-client.ts';
import type { VaultSettings } from '../../vault/vault-settings.ts';
import { type VaultOptions, vaultAccess } from '../../vault/vault-store.ts';
import type { SopsKeyWord } from '../key-kinds.ts';
import type { SopsAccess } from '../open-keys.ts';
import { honestPgpKeys } from '../pgp-keys.ts';
import { awsIdentity } from './aws-identity.ts';
import { azureIdentity } from './azure-identity.ts';
import { googleIdentity } from './google-identity.ts';
import type { Variables } from './identity.ts';
import { pgpIdentity } from './pgp-identity.ts';

/** Names of variables that are secrets themselves. */
const SECRET = /SECRET|TOKEN$|CREDENTIALS$/;

/** What logs in to each kind of key; a login happens once, when the first file needs it. */
export function findIdentities(
  surroundings: StoreSurroundings,
  vault: VaultSettings | undefined,
): Pick<SopsAccess, 'identityOf' | 'honestKeys'> & { readonly close: () => Promise<void> } {
  const { environment, exec, mask } = surroundings;
  const transit = vaultLogin(surroundings, vault);
  const finders: Readonly<Record<SopsKeyWord, () => Promise<Variables | undefined>>> = {
    'sops-kms': async () => awsIdentity(surroundings),
    'sops-gcp': () => googleIdentity(surroundings),
    'sops-azure': async () => azureIdentity(surroundings),
    'sops-transit': transit.variables,
    'sops-pgp': async () => pgpIdentity(surroundings),
  };
  const found = new Map<SopsKeyWord, Promise<Variables | undefined>>();
  const identityOf = async (word: SopsKeyWord): Promise<Variables | undefined> => {
    const finding = found.get(word) ?? finders[word]();
    found.set(word, finding);
    const variables = await finding;
    for (const [name, value] of Object.entries(variables ?? {})) if (SECRET.test(name)) mask(value);
    return variables;
  };
  return {
    identityOf,
    async honestKeys(keys, word) {
      if (word !== 'sops-pgp') return new Set(keys);
      const own = { PATH: environment['PATH'] ?? '', ...(await identityOf(word)) };
      return await honestPgpKeys(keys, exec, own);
    },
    close: transit.close,
  };
}

/** sops speaks to the address of the step's Vault with a token of its own login, and follows no redirect with it. */
function vaultLogin(surroundings: StoreSurroundings, settings: VaultSettings | undefined) {
  let session: VaultSession | undefined;
  let access: VaultOptions | undefined;
  return {
    async variables(): Promise<Variables | undefined> {
      access = settings && (await vaultAccess(settings, surroundings));
      if (access === undefined) return undefined;
      const { server, login, mask } = access;
      session = await logIn(connectVault(server), login, mask);
      return {
        VAULT_TOKEN: session.token,
        ...(server.namespace === '' ? {} : { VAULT_NAMESPACE: server.namespace }),
        ...(server.certificateAuthority === '' ? {} : { VAULT_CACERT_BYTES: server.certificateAuthority }),
        VAULT_DISABLE_REDIRECTS: 'true',
        SOPS_HC_VAULT_ALLOWLIST: `${server.address.origin}${server.address.pathname}`,
      };
    },
    async close(): Promise<void> {
      if (session !== undefined && access !== undefined) await logOut(connectVault(access.server), session);
    },
  };
}
