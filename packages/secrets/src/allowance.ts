import { nearest, type Problem, quote, type SecretReference, throwIfAny } from '@slipway/core';
import type { SecretsErrorCode } from './error-codes.ts';
import { isPathPattern, matchesPath } from './path-pattern.ts';
import type { StoreName } from './store.ts';
import { addressOf, STORE_NAMES, storeKind } from './stores.ts';

/** What a step may read, because its workflow says so; files of the repository cannot add to it. */
export interface SecretAllowance {
  readonly store: StoreName;
  /** One name exactly, or a pattern of paths, depending on the store. */
  readonly name: string;
}

/**
 * Reads entries such as `env=DATABASE_PASSWORD`, `sops=secrets/*.yaml` and `vault=kv/shop/*`.
 * @throws SlipwayError `secret-allowance-invalid`, one problem for each entry
 */
export function parseAllowances(entries: readonly string[]): SecretAllowance[] {
  const allowances: SecretAllowance[] = [];
  const problems: Problem<SecretsErrorCode>[] = [];
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const name = entry.slice(equals + 1).trim();
    const store = STORE_NAMES.find(known => known === entry.slice(0, Math.max(0, equals)).trim());
    if (store === undefined || name === '') problems.push(invalid(entry, equals));
    else if (storeKind(store).linesAre === 'patterns' && !isPathPattern(name))
      problems.push(invalidPattern(store));
    else allowances.push({ store, name });
  }
  throwIfAny(problems);
  return allowances;
}

/** The part after the `=` is never repeated: someone may have put the secret itself there. */
function invalid(entry: string, equals: number): Problem<SecretsErrorCode> {
  const store = equals < 0 ? '' : entry.slice(0, equals).trim();
  const candidate = nearest(store, STORE_NAMES);
  const remedy =
    candidate === undefined
      ? `write ${STORE_NAMES.map(name => storeKind(name).example).join(', ')}, one per line`
      : `did you mean ${quote(`${candidate}=…`)}?`;
  const what = equals < 0 ? 'has an entry without "="' : `names the store ${quote(store)} or no secret`;
  return { code: 'secret-allowance-invalid', message: `input "secrets" ${what}`, remedy };
}

function invalidPattern(store: StoreName): Problem<SecretsErrorCode> {
  return {
    code: 'secret-allowance-invalid',
    message: `input "secrets" has a ${store} path with an empty segment, "..", "%" or "**" before its end`,
    remedy: `write a path such as ${storeKind(store).example}; * matches one segment or a part of it, /** at the end everything below`,
  };
}

export function isAllowed(reference: SecretReference, allowances: readonly SecretAllowance[]): boolean {
  return allowances.some(({ store, name }) => store === reference.from && covers(name, reference));
}

function covers(name: string, reference: SecretReference): boolean {
  const address = addressOf(reference);
  return storeKind(reference.from).linesAre === 'names' ? name === address : matchesPath(name, address);
}
