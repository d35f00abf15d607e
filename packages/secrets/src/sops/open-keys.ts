import { type Problem, quote, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import type { Variables } from './identities/identity.ts';
import { type SopsKeyWord, sopsKeyKind } from './key-kinds.ts';
import { metadataWith, readMetadata, type SopsKey, type SopsMetadata } from './metadata.ts';
import type { AgeIdentities } from './sops-environment.ts';
import { fileInvalid, type SopsFile } from './sops-file.ts';

/** What a step may open files with. */
export interface SopsAccess {
  readonly age: AgeIdentities;
  /** Whether a line of `secrets` names the key. */
  readonly isListed: (word: SopsKeyWord, name: string) => boolean;
  /** The address of the step's Vault; keys of another one are not used. */
  readonly vault?: URL | undefined;
  /** What logs in to a kind of key; undefined if the step has nothing that does. */
  readonly identityOf: (word: SopsKeyWord) => Promise<Variables | undefined>;
  /** Those of the keys whose entry is what it says. */
  readonly honestKeys: (keys: readonly SopsKey[], word: SopsKeyWord) => Promise<ReadonlySet<SopsKey>>;
}

/** A file with no key but those that the step may use, and what sops needs for them. */
export interface OpenableFile {
  readonly file: SopsFile;
  readonly text: string;
  readonly keys: readonly SopsKey[];
  readonly variables: Variables;
}

/**
 * Takes away what the step may not use. What a file lists, sops asks: another key's entry could name a server of whoever wrote the
 * file, or a role that the step's identity may take. Nothing is asked if the rest cannot open the file.
 * @throws SlipwayError `sops-file-invalid`, `sops-key-missing`, `sops-identity-missing`, and what logging in throws
 */
export async function openableFile(file: SopsFile, access: SopsAccess): Promise<OpenableFile> {
  const metadata = readMetadata(file.metadata, access.vault);
  const all = metadata.groups.flat();
  if (all.length === 0)
    throw fileInvalid(
      file.path,
      'is not encrypted for any key that Slipway knows',
      'add the recipient of the step with "sops updatekeys"',
    );
  const mayUse = (key: SopsKey): boolean =>
    key.word === 'age'
      ? hasAgeIdentity(key, access.age)
      : key.name !== undefined && access.isListed(key.word, key.name);
  if (metadataWith(metadata, mayUse) === undefined) throw keysMissing(file, metadata, mayUse);
  const identities = await identitiesFor(all.filter(mayUse), access);
  const isUsed = (key: SopsKey): boolean => identities.usable.has(key);
  const opened = metadataWith(metadata, isUsed);
  if (opened === undefined) throw identityMissing(file, identities.missing);
  return {
    file,
    text: file.withMetadata(opened.metadata),
    keys: opened.keys,
    variables: identities.variables,
  };
}

function hasAgeIdentity({ name = '' }: SopsKey, { keys, ssh }: AgeIdentities): boolean {
  return name.startsWith('ssh-') ? ssh !== undefined : keys.length > 0;
}

async function identitiesFor(keys: readonly SopsKey[], access: SopsAccess) {
  const usable = new Set(keys.filter(({ word }) => word === 'age'));
  const missing: SopsKey[] = [];
  let variables: Variables = {};
  for (const word of new Set(keys.map(key => key.word))) {
    if (word === 'age') continue;
    const own = keys.filter(key => key.word === word);
    const found = await access.identityOf(word);
    const honest = found === undefined ? new Set<SopsKey>() : await access.honestKeys(own, word);
    variables = { ...variables, ...found };
    for (const key of own) if (honest.has(key)) usable.add(key);
    missing.push(...own.filter(key => !honest.has(key)));
  }
  return { usable, missing, variables };
}

/** What to set, by the kind of key. */
const REMEDIES: Readonly<Record<SopsKeyWord, readonly [string, string]>> = {
  'sops-kms': [
    'the step has no credentials for AWS',
    'log in with aws-actions/configure-aws-credentials in an earlier step; or name the identity of the machine or a profile in cloud-identity; aws-role is not used for keys',
  ],
  'sops-gcp': [
    'the step has no credentials for Google Cloud',
    'log in with google-github-actions/auth in an earlier step, or name the account of the machine or of gcloud in cloud-identity',
  ],
  'sops-azure': [
    'the step has no credentials for Azure',
    'log in with azure/login in an earlier step, or set cloud-identity: instance for the identity of the machine',
  ],
  'sops-transit': [
    'the step has no login for Vault',
    'set vault-address and vault-role, or VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_TOKEN',
  ],
  'sops-pgp': [
    'the runner has no gpg with the secret PGP key in its key ring, or the message in the file is for other keys too',
    'import the secret key with gpg in an earlier step, and outside of the workspace, or encrypt the file again with "sops updatekeys"',
  ],
};

function identityMissing({ path }: SopsFile, keys: readonly SopsKey[]): SlipwayError<SecretsErrorCode> {
  const words = [...new Set(keys.flatMap(({ word }) => (word === 'age' ? [] : [word])))];
  const problems = words.map((word): Problem<SecretsErrorCode> => {
    const [what, remedy] = REMEDIES[word];
    const names = keys.filter(key => key.word === word).map(({ name = '' }) => quote(name));
    const message = `${what}, and ${quote(path)} is encrypted for ${names.join(', ')}`;
    return { code: 'sops-identity-missing', message, remedy };
  });
  return new SlipwayError<SecretsErrorCode>(...(problems as [Problem<SecretsErrorCode>]));
}

function keysMissing(
  file: SopsFile,
  { groups, required }: SopsMetadata,
  mayUse: (key: SopsKey) => boolean,
): SlipwayError<SecretsErrorCode> {
  const closed = groups.filter(group => !group.some(mayUse));
  const keys = closed.flat();
  const lacking = required - (groups.length - closed.length);
  if (keys.length === 0)
    return fileInvalid(
      file.path,
      'needs keys of more groups than it has',
      'restore it from Git, or encrypt it again with "sops updatekeys"',
    );
  const ofGroups =
    groups.length > 1
      ? `: ${lacking} more of its ${groups.length} groups ${lacking === 1 ? 'is' : 'are'} needed`
      : '';
  const ages = keys.filter(({ word }) => word === 'age').map(({ name = '' }) => quote(name));
  const lines = keys.flatMap(({ word, name }) =>
    word === 'age' || name === undefined ? [] : [{ word, name }],
  );
  const unlisted = lines.map(lineOf);
  const elsewhere = keys.flatMap(key => (key.name === undefined ? transitElsewhere(key) : []));
  const unnamed = keys.filter(({ name }) => name === undefined).length - elsewhere.length;
  const parts = [
    ...ages,
    ...unlisted,
    ...elsewhere,
    ...(unnamed > 0 ? [`${unnamed} that no line can name (a profile, a wrong name)`] : []),
  ];
  const remedies = [
    ...(ages.length > 0 ? ['set SOPS_AGE_KEY (SOPS_AGE_SSH_PRIVATE_KEY for an SSH key)'] : []),
    ...(unlisted.length > 0 ? ['add the lines to the input "secrets" if the step may use these keys'] : []),
    ...(elsewhere.length > 0
      ? ['add the line and write vault-address as the file has it if the step may use this Vault']
      : []),
  ];
  return new SlipwayError<SecretsErrorCode>({
    code: 'sops-key-missing',
    message: `the step may not use enough keys of ${quote(file.path)}, which is encrypted for ${parts.join(', ')}${ofGroups}`,
    remedy:
      remedies.join(lacking > 1 ? ', and ' : ', or ') || 'add a recipient of the step with "sops updatekeys"',
  });
}

/** A key of transit that a line can name for the Vault of the file, which is not that of the step, or the step names none. */
function transitElsewhere({ word, entry }: SopsKey): string[] {
  const vault = URL.parse(String(entry['vault_address'] ?? ''));
  if (word !== 'sops-transit' || vault === null) return [];
  const name = sopsKeyKind(word).nameOfEntry(entry, vault);
  return name === undefined ? [] : [`${lineOf({ word, name })} of the Vault ${quote(vault.origin)}`];
}

function lineOf({ word, name }: { readonly word: string; readonly name: string }): string {
  return quote(`${word}=${name}`);
}
