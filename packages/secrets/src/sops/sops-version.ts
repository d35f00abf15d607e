import { defined, sha256, valueAt } from '@slipway/core';
import type { ReferenceTo, SecretVersion } from '../store.ts';
import { isEncrypted, type SopsFile } from './sops-file.ts';

type SopsReference = ReferenceTo<'sops'>;

const DIGITS = 12;

/**
 * The version of a secret of a SOPS file: a digest of its encrypted text, which sops leaves as it is until the value changes, and the
 * time at which the file was last changed. For a whole file, and for a value that is not encrypted, it is the digest of the encrypted
 * MAC, so that no value could be guessed by it.
 */
export function sopsVersion({ tree, metadata, format }: SopsFile, { key }: SopsReference): SecretVersion {
  const path = typeof key === 'string' ? key.split('.') : key;
  const entry = path && valueAt(tree, format === 'dotenv' ? [path.join('.')] : path);
  const encrypted = [entry, metadata['mac']].find(isEncrypted);
  const id =
    encrypted === undefined ? undefined : sha256(String(encrypted)).slice('sha256:'.length).slice(0, DIGITS);
  const since = metadata['lastmodified'];
  return defined({ id, since: typeof since === 'string' ? since : undefined });
}
