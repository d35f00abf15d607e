import { didYouMean, isJsonObject, type JsonValue, quote, SlipwayError, valueAt } from '@slipway/core';
import { decodeText } from '@slipway/yaml';
import type { SecretsErrorCode } from '../error-codes.ts';
import type { ReferenceTo, SecretStore } from '../store.ts';
import { parseExactJson } from '../values/exact-json.ts';
import { refuseUnauthenticated, refuseUnencrypted } from './authenticated.ts';
import { openableFile, type SopsAccess } from './open-keys.ts';
import { runSops, type SopsProgram } from './run-sops.ts';
import { sopsEnvironment } from './sops-environment.ts';
import { parseSopsFile, type SopsFile } from './sops-file.ts';
import { sopsVersion } from './sops-version.ts';

type SopsReference = ReferenceTo<'sops'>;

export interface SopsOptions extends Omit<SopsProgram, 'environment'> {
  /** The step's, of which sops gets what its keys need. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A file of the application by its path from the folder of slipway.yaml; undefined if it does not exist. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  /** Keys and identities of the step; asked for when the first file is read. */
  readonly access: () => SopsAccess;
  readonly close?: () => Promise<void>;
}

/** A file with what it holds. */
interface Decrypted {
  readonly file: SopsFile;
  readonly content: Buffer;
}

/** Files that SOPS encrypted, decrypted by the real `sops`, each once. */
export function sopsStore(options: SopsOptions): SecretStore<SopsReference> {
  const { readFile, access, close } = options;
  const fileAt = async (path: string): Promise<SopsFile> => {
    const bytes = await readFile(path);
    if (bytes === undefined) throw noFile(path);
    return parseSopsFile(decodeText(bytes, path), path);
  };
  const decrypt = async (path: string, whole: boolean): Promise<Decrypted> => {
    const file = await fileAt(path);
    const own = access();
    const opened = await openableFile(file, own);
    const environment = sopsEnvironment(options.environment, opened.keys, {
      age: own.age,
      variables: opened.variables,
    });
    const content = await runSops(opened, whole ? file.format : 'json', { ...options, environment });
    return { file, content };
  };
  const decrypted = new Map<string, Promise<Decrypted>>();
  let last: Promise<unknown> = Promise.resolve();
  // One after the other: each process takes 33 MB for a few milliseconds.
  const once = (path: string, whole: boolean): Promise<Decrypted> => {
    const name = `${path}\0${whole}`;
    const known = decrypted.get(name);
    if (known !== undefined) return known;
    const running = last.then(() => decrypt(path, whole));
    last = running.catch(() => undefined);
    decrypted.set(name, running);
    return running;
  };
  return {
    async read({ file: path, key }) {
      const { file, content } = await once(path, key === undefined);
      if (key !== undefined) return valueIn(content, file, key);
      refuseUnauthenticated(file, content);
      return notEmpty(content, path, 'content');
    },
    async versionOf(reference) {
      const bytes = await readFile(reference.file);
      if (bytes === undefined) return undefined;
      return sopsVersion(parseSopsFile(decodeText(bytes, reference.file), reference.file), reference);
    },
    ...(close === undefined ? {} : { close }),
  };
}

function valueIn(content: Buffer, file: SopsFile, key: NonNullable<SopsReference['key']>): Uint8Array {
  const path = typeof key === 'string' ? key.split('.') : key;
  const name = path.join('.');
  const tree = parseExactJson(content.toString('utf8'));
  const value = valueAt(tree, path);
  if (value === undefined || value === null) throw missing(file.path, name, neighbours(tree, path));
  if (typeof value === 'object')
    throw missing(file.path, `${name} as a scalar`, `name one of its keys: ${namesIn(value).join(', ')}`);
  const found = notEmpty(Buffer.from(String(value), 'utf8'), file.path, name);
  refuseUnencrypted(file, path, String(value));
  return found;
}

/** Keys are not encrypted, so they can be named. */
function neighbours(tree: JsonValue, path: readonly string[]): string {
  const parent = valueAt(tree, path.slice(0, -1));
  const known = parent === undefined ? [] : namesIn(parent);
  return didYouMean(path.at(-1) ?? '', known) || 'add it with "sops edit", or fix "key" of this entry';
}

function namesIn(value: JsonValue): string[] {
  return isJsonObject(value) || Array.isArray(value) ? Object.keys(value) : [];
}

function notEmpty(value: Uint8Array, file: string, what: string): Uint8Array {
  if (value.length === 0) throw missing(file, what, 'give it a value with "sops edit"');
  return value;
}

function missing(file: string, what: string, remedy: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({
    code: 'secret-missing',
    message: `the SOPS file ${quote(file)} has no ${quote(what)}`,
    remedy,
  });
}

function noFile(path: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({
    code: 'sops-file-invalid',
    message: `there is no file ${quote(path)} in the folder of slipway.yaml`,
    remedy: 'fix "file" of this entry, or commit the file',
  });
}
