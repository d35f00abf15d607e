import type { ReferenceTo, SecretStore, SecretStoreKind, StoreSurroundings } from '../store.ts';
import { readCertificateAuthority } from './certificate-authority.ts';
import {
  fieldText,
  findEngine,
  isKeyValue,
  leased,
  readKeyValue,
  readLease,
  refuseEngine,
  type VaultSecret,
} from './key-value.ts';
import { logIn, logOut, type VaultLogin, type VaultSession } from './login.ts';
import { connectVault, type VaultServer } from './vault-client.ts';
import { readVaultSettings, VAULT_CREDENTIALS, type VaultSettings } from './vault-settings.ts';

type VaultReference = ReferenceTo<'vault'>;

export const vaultStoreKind: SecretStoreKind<VaultReference, VaultSettings | undefined> = {
  title: 'Vault',
  example: 'vault=kv/shop/*',
  linesAre: 'patterns',
  addressOf: ({ path }) => path,
  credentials: VAULT_CREDENTIALS,
  credentialsRemedy:
    'set the inputs vault-address and vault-role, or instead of the role VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_TOKEN, under "env:" of the step',
  readSettings: readVaultSettings,
  open: openVault,
};

async function openVault(
  surroundings: StoreSurroundings,
  settings: VaultSettings | undefined,
): Promise<SecretStore<VaultReference> | undefined> {
  const access = settings && (await vaultAccess(settings, surroundings));
  return access && vaultStore(access);
}

/** Where Vault is, and who the step is to it; undefined if it has no way to log in. @throws SlipwayError `certificate-unreadable` */
export async function vaultAccess(
  settings: VaultSettings,
  surroundings: StoreSurroundings,
): Promise<VaultOptions | undefined> {
  const { environment, workspace, signal, mask } = surroundings;
  const { address, namespace } = settings;
  const login = loginOf(settings, surroundings);
  if (login === undefined) return undefined;
  const certificateAuthority = await readCertificateAuthority(settings.certificateAuthority, workspace);
  return { server: { address, namespace, certificateAuthority, environment, signal }, login, mask };
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
  let opening: Promise<VaultSession> | undefined;
  let lends = false;
  const session = (): Promise<VaultSession> => {
    opening ??= logIn(call, login, mask);
    return opening;
  };
  const engineOf = onceByPath(async path => await findEngine(call, (await session()).token, path));
  const secretAt = onceByPath(async (path): Promise<VaultSecret> => {
    const { token, lasts } = await session();
    const engine = await engineOf(path.join('/'));
    if (isKeyValue(engine)) return await readKeyValue(call, token, path, engine);
    const secret = await readLease(call, token, path);
    lends = true;
    return endingWith(lasts, secret);
  });
  return {
    async read({ path, key, 'on-rollback': onRollback }) {
      const segments = path.split('/');
      const engine = await engineOf(path);
      if (!isKeyValue(engine) && onRollback !== 'current') throw refuseEngine(engine, segments);
      const { fields, isLease } = await secretAt(path);
      if (isLease && onRollback !== 'current') throw leased(segments);
      return Buffer.from(fieldText(fields, key, segments), 'utf8');
    },
    async versionOf({ path, 'on-rollback': onRollback }) {
      // Looking at what is lent would make another one.
      if (onRollback !== 'current' && !isKeyValue(await engineOf(path))) return undefined;
      return (await secretAt(path)).version;
    },
    async close() {
      const open = await opening?.catch(() => undefined);
      // What Vault lent to a token ends with it.
      if (open !== undefined && !lends) await logOut(call, open);
    },
  };
}

function onceByPath<Result>(
  read: (path: readonly string[]) => Promise<Result>,
): (path: string) => Promise<Result> {
  const known = new Map<string, Promise<Result>>();
  return path => {
    const reading = known.get(path) ?? read(path.split('/'));
    known.set(path, reading);
    return reading;
  };
}

/** What a token was lent ends with it at the latest. */
function endingWith(lasts: number | undefined, secret: VaultSecret): VaultSecret {
  const own = secret.version?.lasts ?? 0;
  return { ...secret, version: { lasts: lasts === undefined ? own : Math.min(own, lasts) } };
}
