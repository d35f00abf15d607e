import { defined, isJsonObject, type JsonObject, type JsonValue, sha256, valueAt } from '@slipway/core';
import { parseDocument, toJson } from '@slipway/yaml';
import type { ReferenceTo, SecretVersion } from '../store.ts';
import type { SopsFormat } from './sops-file.ts';

type SopsReference = ReferenceTo<'sops'>;

/** How sops writes what it has encrypted. */
const ENCRYPTED = /^ENC\[/;
const DIGITS = 12;

/**
 * The version of a secret of a SOPS file: a digest of its encrypted text, which sops leaves as it is until the value changes, and the
 * time at which the file was last changed. For a whole file, and for a value that is not encrypted, it is the digest of the encrypted
 * MAC, so that no value could be guessed by it.
 */
export function sopsVersion(text: string, format: SopsFormat, { file, key }: SopsReference): SecretVersion {
  const { tree, metadata } = format === 'dotenv' ? readLines(text) : readTree(text, file);
  const path = typeof key === 'string' ? key.split('.') : key;
  const entry = path && valueAt(tree, format === 'dotenv' ? [path.join('.')] : path);
  const encrypted = [entry, metadata['mac']].find(
    found => typeof found === 'string' && ENCRYPTED.test(found),
  );
  const id =
    encrypted === undefined ? undefined : sha256(String(encrypted)).slice('sha256:'.length).slice(0, DIGITS);
  const since = metadata['lastmodified'];
  return defined({ id, since: typeof since === 'string' ? since : undefined });
}

interface EncryptedFile {
  readonly tree: JsonValue;
  readonly metadata: JsonObject;
}

function readTree(text: string, path: string): EncryptedFile {
  const tree = toJson(parseDocument(text, path).root);
  const metadata = isJsonObject(tree) ? tree['sops'] : undefined;
  return { tree, metadata: isJsonObject(metadata) ? metadata : {} };
}

function readLines(text: string): EncryptedFile {
  const lines = text.split('\n').map(line => {
    const equals = line.indexOf('=');
    return [line.slice(0, Math.max(0, equals)), line.slice(equals + 1).trim()] as const;
  });
  const fields = lines.flatMap(([name, value]) =>
    name.startsWith('sops_') ? [[name.slice('sops_'.length), value] as const] : [],
  );
  return { tree: Object.fromEntries(lines), metadata: Object.fromEntries(fields) };
}
