import { nearest, type Problem, quote, type SecretReference, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from './error-codes.ts';
import { isPathPattern, matchesPath } from './path-pattern.ts';

const STORES = ['env', 'sops', 'vault'] as const satisfies readonly SecretReference['from'][];

const EXAMPLES: Readonly<Record<(typeof STORES)[number], string>> = {
  env: 'env=NAME',
  sops: 'sops=secrets/*.yaml',
  vault: 'vault=kv/shop/*',
};

/** Something that a step may read, because its workflow says so; what the repository's files say can't widen it. */
export interface SecretAllowance {
  readonly store: (typeof STORES)[number];
  /** For `env` the name of the variable, to the letter; else a pattern of paths. */
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
    const store = STORES.find(known => known === entry.slice(0, Math.max(0, equals)).trim());
    if (store === undefined || name === '') problems.push(invalid(entry, equals));
    else if (store !== 'env' && !isPathPattern(name)) problems.push(invalidPattern(store));
    else allowances.push({ store, name });
  }
  const [first, ...others] = problems;
  if (first !== undefined) throw new SlipwayError<SecretsErrorCode>([first, ...others]);
  return allowances;
}

/** The part behind the `=` is left out: somebody may have put the secret itself there. */
function invalid(entry: string, equals: number): Problem<SecretsErrorCode> {
  const store = equals < 0 ? '' : entry.slice(0, equals).trim();
  const candidate = nearest(store, STORES);
  const remedy =
    candidate === undefined
      ? `write ${Object.values(EXAMPLES).join(', ')}, one per line`
      : `did you mean ${quote(`${candidate}=…`)}?`;
  const what = equals < 0 ? 'has an entry without "="' : `names the store ${quote(store)} or no secret`;
  return { code: 'secret-allowance-invalid', message: `input "secrets" ${what}`, remedy };
}

function invalidPattern(store: 'sops' | 'vault'): Problem<SecretsErrorCode> {
  return {
    code: 'secret-allowance-invalid',
    message: `input "secrets" has a path of ${store} with an empty segment, "..", "%" or "**" before its end`,
    remedy: `write a path such as ${EXAMPLES[store]}; * stands for one segment or a part of it, /** at the end for all below`,
  };
}

export function isAllowed(reference: SecretReference, allowances: readonly SecretAllowance[]): boolean {
  return allowances.some(({ store, name }) => store === reference.from && covers(name, reference));
}

function covers(name: string, reference: SecretReference): boolean {
  return reference.from === 'env' ? name === reference.name : matchesPath(name, addressOf(reference));
}

/** What the reference names in its store, as a line of the `secrets` input would. */
export function addressOf(reference: SecretReference): string {
  switch (reference.from) {
    case 'env':
      return reference.name;
    case 'sops':
      return reference.file;
    case 'vault':
      return reference.path;
  }
}
