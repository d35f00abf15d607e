import { nearest, type Problem, quote, type SecretReference, throwIfAny } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import { hasNoContext } from '../sops/aws-kms-key.ts';
import { isSopsKeyWord, SOPS_KEY_WORDS, type SopsKeyWord, sopsKeyKind } from '../sops/key-kinds.ts';
import type { SecretAllowance, StoreName } from '../store.ts';
import { addressOf, STORE_NAMES, storeKind } from '../stores.ts';
import { isPathPattern, matchesPath } from './path-pattern.ts';

/**
 * The entries of the input `secrets`: one per line, or several between commas. Only a line of a key of AWS KMS may have commas of its own,
 * in its context. Lines that begin with `#` are dropped.
 */
export function allowanceEntries(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map(line => line.trim())
    .filter(line => !line.startsWith('#'))
    .flatMap(line => (/^sops-kms\s*=/.test(line) ? [line] : line.split(',').map(entry => entry.trim())))
    .filter(entry => entry !== '');
}

/**
 * Reads entries such as `env=DATABASE_PASSWORD`, `sops=secrets/*.yaml`, `vault=kv/shop/*` and `sops-transit=transit/shop`.
 * @throws SlipwayError `secret-allowance-invalid`, one problem for each entry
 */
export function parseAllowances(entries: readonly string[]): SecretAllowance[] {
  const allowances: SecretAllowance[] = [];
  const problems: Problem<SecretsErrorCode>[] = [];
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const name = entry.slice(equals + 1).trim();
    const word = entry.slice(0, Math.max(0, equals)).trim();
    const store = STORE_NAMES.find(known => known === word);
    if (isSopsKeyWord(word)) {
      const key = sopsKeyKind(word).nameOfLine(name);
      if (key === undefined) problems.push(invalidKey(word));
      else allowances.push({ store: word, name: key });
    } else if (store === undefined) problems.push(invalid(entry, equals));
    else if (name === '') problems.push(withoutName(store));
    else if (storeKind(store).linesAre === 'names' && !VARIABLE.test(name)) problems.push(invalidName(store));
    else if (storeKind(store).linesAre === 'patterns' && !isPathPattern(name))
      problems.push(invalidPattern(store));
    else {
      const refused = storeKind(store).refuseLine?.(name);
      if (refused === undefined) allowances.push({ store, name });
      else problems.push(refusedLine(store, refused));
    }
  }
  throwIfAny(problems);
  return allowances;
}

/** The name of a variable, as the config takes it; a `*` in it would allow nothing. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

function withoutName(store: StoreName): Problem<SecretsErrorCode> {
  return {
    code: 'secret-allowance-invalid',
    message: `input "secrets" has a line ${quote(`${store}=`)} with nothing behind it`,
    remedy: `write a line such as ${storeKind(store).example}, or remove it`,
  };
}

function invalidName(store: StoreName): Problem<SecretsErrorCode> {
  return {
    code: 'secret-allowance-invalid',
    message: `input "secrets" has a line ${quote(`${store}=…`)} that does not name one variable`,
    remedy: `write ${storeKind(store).example} for each, with letters, digits and "_" only; nothing of it may be a *`,
  };
}

/** The part after the `=` is never repeated: someone may have put the secret itself there. */
function invalid(entry: string, equals: number): Problem<SecretsErrorCode> {
  const store = equals < 0 ? '' : entry.slice(0, equals).trim();
  const candidate = nearest(store, [...STORE_NAMES, ...SOPS_KEY_WORDS]);
  const remedy =
    candidate === undefined
      ? `write ${STORE_NAMES.map(name => storeKind(name).example).join(', ')}, one per line`
      : `did you mean ${quote(`${candidate}=…`)}?`;
  const what =
    equals < 0 ? 'has an entry without "="' : `names the store ${quote(store)}, which Slipway does not know`;
  return { code: 'secret-allowance-invalid', message: `input "secrets" ${what}`, remedy };
}

function invalidPattern(store: StoreName): Problem<SecretsErrorCode> {
  return {
    code: 'secret-allowance-invalid',
    message: `input "secrets" has a ${store} path with an empty segment, "..", white space, "%", "?", "#", a backslash, or "**" before its end`,
    remedy: `write a path such as ${storeKind(store).example}; * matches one segment or a part of it, /** at the end everything below`,
  };
}

function invalidKey(word: SopsKeyWord): Problem<SecretsErrorCode> {
  return {
    code: 'secret-allowance-invalid',
    message: `input "secrets" has a line ${quote(`${word}=…`)} that does not name one key in full`,
    remedy: `write ${sopsKeyKind(word).example}; nothing of it may be a *`,
  };
}

/** The stores that the lines need: a key of transit is asked for in Vault. */
export function storesOf(allowances: readonly SecretAllowance[]): ReadonlySet<StoreName> {
  return new Set(
    allowances.flatMap(({ store }) => {
      if (store === 'sops-transit') return ['vault'];
      return isSopsKeyWord(store) ? [] : [store];
    }),
  );
}

/** What is allowed, and is more than it seems. */
export function riskyLines(allowances: readonly SecretAllowance[]): string[] {
  return allowances
    .filter(({ store, name }) => store === 'sops-kms' && hasNoContext(name))
    .map(
      ({ name }) =>
        `the line ${quote(`sops-kms=${name}`)} of "secrets" has no context, so that whoever may commit here can have any file opened that was encrypted with this key: encrypt with --encryption-context app:…, and add context=app:… to the line`,
    );
}

/** Nothing of the line is repeated but its store. */
function refusedLine(store: StoreName, refused: string): Problem<SecretsErrorCode> {
  return {
    code: 'secret-allowance-invalid',
    message: `input "secrets" has a line ${quote(`${store}=…`)} with ${refused}`,
    remedy: `write a line such as ${storeKind(store).example}; only the name may have a *`,
  };
}

export function isAllowed(reference: SecretReference, allowances: readonly SecretAllowance[]): boolean {
  return allowances.some(({ store, name }) => store === reference.from && covers(name, reference));
}

function covers(name: string, reference: SecretReference): boolean {
  const address = addressOf(reference);
  return storeKind(reference.from).linesAre === 'names' ? name === address : matchesPath(name, address);
}
