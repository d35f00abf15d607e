import { nearest, type Problem, quote, type SecretReference, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from './error-codes.ts';

/** The stores that a reference may name. */
const STORES = ['env'] as const;

/** Something that a step may read, because its workflow says so; what the repository's files say can't widen it. */
export interface SecretAllowance {
  readonly store: (typeof STORES)[number];
  /** For `env` the name of the variable, to the letter. */
  readonly name: string;
}

/**
 * Reads entries such as `env=DATABASE_PASSWORD`.
 * @throws SlipwayError `secret-allowance-invalid`, one problem for each entry
 */
export function parseAllowances(entries: readonly string[]): SecretAllowance[] {
  const allowances: SecretAllowance[] = [];
  const problems: Problem<SecretsErrorCode>[] = [];
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const name = entry.slice(equals + 1).trim();
    const store = STORES.find(known => known === entry.slice(0, Math.max(0, equals)).trim());
    if (store === undefined || name === '') problems.push(invalid(entry, equals));
    else allowances.push({ store, name });
  }
  const [first, ...others] = problems;
  if (first !== undefined) throw new SlipwayError<SecretsErrorCode>([first, ...others]);
  return allowances;
}

/** The part behind the `=` is left out: somebody may have put the secret itself there. */
function invalid(entry: string, equals: number): Problem<SecretsErrorCode> {
  const store = entry.slice(0, equals < 0 ? undefined : equals).trim();
  const candidate = nearest(store, STORES);
  const remedy =
    candidate === undefined ? 'write env=NAME, one per line' : `did you mean ${quote(`${candidate}=…`)}?`;
  const what = equals < 0 ? 'has an entry without "="' : `names the store ${quote(store)} or no secret`;
  return { code: 'secret-allowance-invalid', message: `input "secrets" ${what}`, remedy };
}

export function isAllowed(reference: SecretReference, allowances: readonly SecretAllowance[]): boolean {
  return allowances.some(({ store, name }) => store === reference.from && name === reference.name);
}
