import type { ReferenceTo, SecretStoreKind, StoreSurroundings } from '../store.ts';
import { parseAgeKeys, parseSshKey } from './age-keys.ts';
import { findIdentities } from './identities/find-identities.ts';
import type { SopsAccess } from './open-keys.ts';
import type { AgeIdentities } from './sops-environment.ts';
import {
  AGE_CREDENTIALS,
  hasAgeIdentity,
  readSopsSettings,
  SOPS_CREDENTIALS_REMEDY,
  type SopsSettings,
} from './sops-settings.ts';
import { sopsStore } from './sops-store.ts';

export const sopsStoreKind: SecretStoreKind<ReferenceTo<'sops'>, SopsSettings | undefined> = {
  title: 'SOPS',
  example: 'sops=secrets/*.yaml',
  linesAre: 'patterns',
  addressOf: ({ file }) => file,
  credentials: AGE_CREDENTIALS,
  credentialsRemedy: SOPS_CREDENTIALS_REMEDY,
  readSettings: readSopsSettings,
  async open(surroundings, settings) {
    const { environment, readFile, exec, workspace } = surroundings;
    if (settings === undefined && !hasAgeIdentity(environment)) return undefined;
    const { access, close } = openAccess(surroundings, settings ?? AGE_ONLY);
    return sopsStore({ readFile, exec, environment, workspace, access, close, patience: PATIENCE });
  },
};

const AGE_ONLY: SopsSettings = { lines: new Set(), identity: undefined, vault: undefined };

/** Milliseconds. The clouds' own clients try three times, and wait some seconds for each connection. */
const PATIENCE = 60_000;

function openAccess(surroundings: StoreSurroundings, settings: SopsSettings) {
  const { environment, mask } = surroundings;
  const { lines, vault } = settings;
  const { identityOf, honestKeys, close } = findIdentities(surroundings, settings);
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
  { SOPS_AGE_KEY: text, SOPS_AGE_SSH_PRIVATE_KEY: sshText }: StoreSurroundings['environment'],
  mask: (secret: string) => void,
): AgeIdentities {
  const keys = text ? parseAgeKeys(text) : [];
  const ssh = sshText ? parseSshKey(sshText) : undefined;
  for (const secret of [...keys, ...(ssh?.split('\n') ?? [])]) if (secret !== '') mask(secret);
  return { keys, ssh };
}
