import { didYouMean, isJsonObject, type JsonValue, quote, SlipwayError, valueAt } from '@slipway/core';
import { decodeText } from '@slipway/yaml';
import type { SecretsErrorCode } from '../error-codes.ts';
import type { ReferenceTo, SecretStore, SecretStoreKind } from '../store.ts';
import { parseAgeKeys } from './age-keys.ts';
import { runSops, type SopsProgram } from './run-sops.ts';
import { withAgeKeysOnly } from './sops-file.ts';
import { sopsVersion } from './sops-version.ts';

type SopsReference = ReferenceTo<'sops'>;

const CREDENTIALS_REMEDY = 'set SOPS_AGE_KEY under "env:" of the step';

export const sopsStoreKind: SecretStoreKind<SopsReference, undefined> = {
  title: 'SOPS',
  example: 'sops=secrets/*.yaml',
  linesAre: 'patterns',
  addressOf: ({ file }) => file,
  credentials: ['SOPS_AGE_KEY'],
  credentialsRemedy: CREDENTIALS_REMEDY,
  readSettings({ environment, problem }, isNeeded) {
    if (isNeeded && !environment['SOPS_AGE_KEY'])
      problem('secrets', 'names SOPS files, but the step has no key', CREDENTIALS_REMEDY);
    return undefined;
  },
  async open({ environment, readFile, exec, mask }) {
    const { SOPS_AGE_KEY: ageKeys, PATH: path = '' } = environment;
    return ageKeys ? sopsStore({ readFile, exec, path, ageKeys, mask }) : undefined;
  },
};

export interface SopsOptions extends SopsProgram {
  /** A file of the application by its path from the folder of slipway.yaml; undefined if it does not exist. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  /** age identities, as `age-keygen` writes them. */
  readonly ageKeys: string;
  readonly mask: (value: string) => void;
}

/** Files that SOPS encrypted for age keys, decrypted by the real `sops`, each once. */
export function sopsStore({
  readFile,
  exec,
  path: programs,
  ageKeys,
  mask,
}: SopsOptions): SecretStore<SopsReference> {
  const decrypted = new Map<string, Promise<Buffer>>();
  const keys = () => {
    const parsed = parseAgeKeys(ageKeys);
    for (const key of parsed) mask(key);
    return parsed;
  };
  const decrypt = async (path: string, whole: boolean): Promise<Buffer> => {
    const bytes = await readFile(path);
    if (bytes === undefined) throw noFile(path);
    const file = withAgeKeysOnly(decodeText(bytes, path), path);
    return await runSops(file, path, whole ? file.format : 'json', { exec, path: programs, keys: keys() });
  };
  let last: Promise<unknown> = Promise.resolve();
  // One after the other: each process takes 33 MB for a few milliseconds.
  const once = (path: string, whole: boolean): Promise<Buffer> => {
    const name = `${path}\0${whole}`;
    const known = decrypted.get(name);
    if (known !== undefined) return known;
    const running = last.then(() => decrypt(path, whole));
    last = running.catch(() => undefined);
    decrypted.set(name, running);
    return running;
  };
  return {
    async read({ file, key }) {
      const content = await once(file, key === undefined);
      return key === undefined ? notEmpty(content, file, 'content') : valueIn(content, file, key);
    },
    async versionOf(reference) {
      const bytes = await readFile(reference.file);
      if (bytes === undefined) return undefined;
      const text = decodeText(bytes, reference.file);
      return sopsVersion(text, withAgeKeysOnly(text, reference.file).format, reference);
    },
  };
}

function valueIn(content: Buffer, file: string, key: NonNullable<SopsReference['key']>): Uint8Array {
  const path = typeof key === 'string' ? key.split('.') : key;
  const name = path.join('.');
  const tree = parseDecrypted(content.toString('utf8'));
  const value = valueAt(tree, path);
  if (value === undefined || value === null) throw missing(file, name, neighbours(tree, path));
  if (typeof value === 'object')
    throw missing(file, `${name} as a scalar`, `name one of its keys: ${namesIn(value).join(', ')}`);
  return notEmpty(Buffer.from(String(value), 'utf8'), file, name);
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Numbers keep the digits of the file, however many they are. */
function parseDecrypted(text: string): JsonValue {
  const digits: Reviver = (_key, value, { source }) =>
    typeof value === 'number' ? (source ?? value) : value;
  return JSON.parse(text, digits as never) as JsonValue;
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
