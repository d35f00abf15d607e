import type { ReferenceTo, SecretStoreKind, SettingsReader, StoreSurroundings } from '../store.ts';
import { readVaultSettings, type VaultSettings } from '../vault/vault-settings.ts';
import { parseAgeKeys, parseSshKey } from './age-keys.ts';
import { findIdentities } from './identities/find-identities.ts';
import { isSopsKeyWord } from './key-kinds.ts';
import type { SopsAccess } from './open-keys.ts';
import type { AgeIdentities } from './sops-environment.ts';
import { sopsStore } from './sops-store.ts';

const CREDENTIALS_REMEDY =
  'set SOPS_AGE_KEY under "env:" of the step, or name the key in "secrets": sops-kms=, sops-gcp=, sops-azure=, sops-transit= or sops-pgp=';

/** What a step says of the keys of SOPS files, if it lists any. */
export interface SopsSettings {
  /** Keys by the line that names them, such as `sops-transit=transit/shop`. */
  readonly lines: ReadonlySet<string>;
  /** What `env=` lines name: secrets of the release, which sops never gets. */
  readonly withheld: readonly string[];
  /** For keys of transit. */
  readonly vault: VaultSettings | undefined;
}

export const sopsStoreKind: SecretStoreKind<ReferenceTo<'sops'>, SopsSettings | undefined> = {
  title: 'SOPS',
  example: 'sops=secrets/*.yaml',
  linesAre: 'patterns',
  addressOf: ({ file }) => file,
  credentials: ['SOPS_AGE_KEY', 'SOPS_AGE_SSH_PRIVATE_KEY'],
  credentialsRemedy: CREDENTIALS_REMEDY,
  readSettings(reader, isNeeded) {
    const { allowances, environment } = reader;
    const keys = allowances.filter(({ store }) => isSopsKeyWord(store));
    if (isNeeded && keys.length === 0 && !hasAgeIdentity(environment))
      reader.problem('secrets', 'names SOPS files, but the step has no key', CREDENTIALS_REMEDY);
    if (keys.length === 0) return undefined;
    return {
      lines: new Set(keys.map(({ store, name }) => `${store}=${name}`)),
      withheld: allowances.flatMap(({ store, name }) => (store === 'env' ? [name] : [])),
      vault: keys.some(({ store }) => store === 'sops-transit') ? vaultSettings(reader) : undefined,
    };
  },
  async open(surroundings, settings) {
    const { environment, readFile, exec } = surroundings;
    if (settings === undefined && !hasAgeIdentity(environment)) return undefined;
    const { access, close } = openAccess(surroundings, settings ?? AGE_ONLY);
    return sopsStore({ readFile, exec, environment, access, close, patience: PATIENCE });
  },
};

const AGE_ONLY: SopsSettings = { lines: new Set(), withheld: [], vault: undefined };

/** Milliseconds. The clouds' own clients try three times, and wait some seconds for each connection. */
const PATIENCE = 60_000;

function hasAgeIdentity({ SOPS_AGE_KEY: key, SOPS_AGE_SSH_PRIVATE_KEY: ssh }: SettingsReader['environment']) {
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

function openAccess(surroundings: StoreSurroundings, { lines, withheld, vault }: SopsSettings) {
  const { environment, mask } = surroundings;
  const passed = Object.entries(environment).filter(([name]) => !withheld.includes(name));
  const source = { ...surroundings, environment: Object.fromEntries(passed) };
  const { identityOf, honestKeys, close } = findIdentities(source, vault);
  const access = (): SopsAccess => ({
    age: ageIdentities(environment, mask),
    isListed: (word, name) => lines.has(`${word}=${name}`),
    vault: vault?.address,
    identityOf,
    honestKeys,
  });
  return { access, close };
}

/** @throws SlipwayError `sops-key-invalid` */
function ageIdentities(
  { SOPS_AGE_KEY: text, SOPS_AGE_SSH_PRIVATE_KEY: sshText }: SettingsReader['environment'],
  mask: (secret: string) => void,
): AgeIdentities {
  const keys = text ? parseAgeKeys(text) : [];
  const ssh = sshText ? parseSshKey(sshText) : undefined;
  for (const secret of [...keys, ...(ssh?.split('\n') ?? [])]) if (secret !== '') mask(secret);
  return { keys, ssh };
}
