import { withheldText } from '../login-environment.ts';
import type { SettingsReader } from '../store.ts';
import { parseVaultAddress } from './vault-client.ts';

/** Where Vault or OpenBao is, and who the job is to it. */
export interface VaultSettings {
  readonly address: URL;
  /** Empty for the root namespace. */
  readonly namespace: string;
  /** The role of the login by GitHub's identity token; empty for a login by what the environment has. */
  readonly role: string;
  /** The path of the login method; empty for the method's own name. */
  readonly mount: string;
  /** Audience of the identity token. */
  readonly audience: string;
  /** PEM, or the path of a file that contains it; empty for none. */
  readonly certificateAuthority: string;
}

/** Undefined where the step names no Vault, or one that was refused. */
export function readVaultSettings(reader: SettingsReader, isNeeded: boolean): VaultSettings | undefined {
  const text = reader.text('vault-address');
  const address = text === '' ? undefined : reader.parse('vault-address', () => parseVaultAddress(text));
  const settings = {
    namespace: readPath(reader, 'vault-namespace'),
    role: reader.text('vault-role'),
    mount: readPath(reader, 'vault-mount'),
    audience: reader.text('vault-audience') || (address?.origin ?? ''),
    certificateAuthority: reader.text('vault-ca'),
  };
  if (isNeeded && text === '')
    reader.problem('vault-address', 'is missing, but "secrets" names Vault', 'write https://host:port');
  // An address that was refused is one problem, not two.
  if (address === undefined) return undefined;
  if (isNeeded && !hasLogin(settings, reader))
    reader.problem(
      'vault-role',
      `is missing, and the step has no other way to log in to Vault${withheldText(reader, VAULT_CREDENTIALS)}`,
      'set it, or VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_TOKEN, under "env:" of the step',
    );
  return { address, ...settings };
}

export const VAULT_CREDENTIALS = ['VAULT_ROLE_ID', 'VAULT_SECRET_ID', 'VAULT_TOKEN'];

/** Namespaces and mounts: segments between slashes, as Vault's paths are written. */
const PATH = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*\/?$/;

function readPath(reader: SettingsReader, input: 'vault-namespace' | 'vault-mount'): string {
  const path = reader.text(input);
  if (path !== '' && !PATH.test(path))
    reader.problem(input, 'is not a Vault path', 'write segments between slashes, such as "team/ci"');
  return path.replace(/\/$/, '');
}

function hasLogin({ role }: Pick<VaultSettings, 'role'>, { environment }: SettingsReader): boolean {
  const { VAULT_TOKEN: token, VAULT_ROLE_ID: roleId, VAULT_SECRET_ID: secretId } = environment;
  return role !== '' || Boolean(token || (roleId && secretId));
}
