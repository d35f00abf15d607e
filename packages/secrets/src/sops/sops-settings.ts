import { type CloudIdentity, parseCloudIdentity } from '../clouds/cloud-identity.ts';
import { withheldText } from '../login-environment.ts';
import type { SettingsReader } from '../store.ts';
import { readVaultSettings, type VaultSettings } from '../vault/vault-settings.ts';
import { isSopsKeyWord } from './key-kinds.ts';

export const AGE_CREDENTIALS = ['SOPS_AGE_KEY', 'SOPS_AGE_SSH_PRIVATE_KEY'];
export const SOPS_CREDENTIALS_REMEDY =
  'set SOPS_AGE_KEY under "env:" of the step, or name the key in "secrets": sops-kms=, sops-gcp=, sops-azure=, sops-transit= or sops-pgp=';

/** What a step says of the keys of SOPS files, if it lists any. */
export interface SopsSettings {
  /** Keys by the line that names them, such as `sops-transit=transit/shop`. */
  readonly lines: ReadonlySet<string>;
  /** For keys of a cloud, what the input `cloud-identity` names. */
  readonly identity: CloudIdentity;
  /** For keys of transit. */
  readonly vault: VaultSettings | undefined;
}

/** @returns undefined if the step lists no key */
export function readSopsSettings(reader: SettingsReader, isNeeded: boolean): SopsSettings | undefined {
  const { allowances, environment } = reader;
  const keys = allowances.filter(({ store }) => isSopsKeyWord(store));
  if (isNeeded && keys.length === 0 && !hasAgeIdentity(environment))
    reader.problem(
      'secrets',
      `names SOPS files, but the step has no key${withheldText(reader, AGE_CREDENTIALS)}`,
      SOPS_CREDENTIALS_REMEDY,
    );
  if (keys.length === 0) return undefined;
  if (!allowances.some(({ store }) => store === 'sops'))
    reader.problem(
      'secrets',
      'names a key of SOPS files, and no such file',
      'add a line such as sops=secrets/*.yaml, or remove the line of the key',
    );
  return {
    lines: new Set(keys.map(({ store, name }) => `${store}=${name}`)),
    identity: reader.parse('cloud-identity', () => parseCloudIdentity(reader.text('cloud-identity'))),
    vault: keys.some(({ store }) => store === 'sops-transit') ? vaultSettings(reader) : undefined,
  };
}

export function hasAgeIdentity({
  SOPS_AGE_KEY: key,
  SOPS_AGE_SSH_PRIVATE_KEY: ssh,
}: SettingsReader['environment']): boolean {
  return Boolean(key || ssh);
}

/** What is wrong with them is reported by Vault's own row. */
function vaultSettings(reader: SettingsReader): VaultSettings | undefined {
  const parse = <Result>(_input: string, parsing: () => Result): Result | undefined => {
    try {
      return parsing();
    } catch {
      return undefined;
    }
  };
  return readVaultSettings({ ...reader, problem: () => {}, parse }, false);
}
