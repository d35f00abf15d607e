import {
  canonicalJson,
  defined,
  type JsonValue,
  type Release,
  type ReleaseSteps,
  SlipwayError,
  writtenDuration,
} from '@slipway/core';
import type { VerifyContext } from '../context.ts';
import type { VerifyErrorCode } from '../error-codes.ts';

type Terms = NonNullable<ReleaseSteps['terms']>;

/** How the steps of a release are judged where neither the inputs nor the formation say so. */
const DEFAULTS = { 'stable-for': '30s', timeout: '10m' };

/** What the inputs of this run say of it. */
function givenTerms({ inputs, own }: Pick<VerifyContext, 'inputs' | 'own'>): Partial<Terms> {
  const { stableFor, timeout, prometheus } = inputs;
  return defined({
    'stable-for': stableFor === undefined ? undefined : writtenDuration(stableFor),
    timeout: timeout === undefined ? undefined : writtenDuration(timeout),
    checks: own.checks.length === 0 ? undefined : [...own.checks],
    prometheus: prometheus && withoutLogin(prometheus.address),
  }) as Partial<Terms>;
}

/** An address may hold a password, which no record keeps. */
function withoutLogin(address: string): string {
  if (!/^https?:/.test(address) || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  return Object.assign(url, { username: '', password: '' }).href;
}

/** The terms that the first verification of a release sets: inputs first, then the `verify` block, then the defaults. */
export function firstTerms({ verify }: Release, context: Pick<VerifyContext, 'inputs' | 'own'>): Terms {
  const { checks: own = [], ...given } = givenTerms(context);
  const names = new Set(own.map(({ name }) => name));
  const checks = [...(verify?.checks ?? []).filter(({ name }) => !names.has(name)), ...own];
  const declared = defined({
    'stable-for': verify?.['stable-for'],
    timeout: verify?.timeout,
    windows: verify?.windows,
  });
  return { ...DEFAULTS, ...declared, ...given, ...(checks.length === 0 ? {} : { checks }) };
}

/**
 * Refuses inputs that would judge one step otherwise than another; what is not given is as it was set.
 * @param set as the first run has set them
 * @throws SlipwayError `terms-differ`
 */
export function refuseOtherTerms(
  { number }: Release,
  set: Terms,
  context: Pick<VerifyContext, 'inputs' | 'own'>,
): void {
  const { checks = [], ...given } = givenTerms(context);
  const changed = Object.entries(given).filter(([name, value]) => !isSame(value, set[name as keyof Terms]));
  const other = checks.filter(check => !(set.checks ?? []).some(one => isSame(check, one)));
  const names = [...changed.map(([name]) => name), ...(other.length === 0 ? [] : ['checks'])];
  if (names.length === 0) return;
  throw new SlipwayError<VerifyErrorCode>({
    code: 'terms-differ',
    message: `release ${number} is judged by what its first verification was given, and this one is given another ${names.join(' and ')}`,
    remedy: 'give each verify-rollout of a release in steps the same inputs, or none',
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson((one ?? null) as JsonValue) === canonicalJson((other ?? null) as JsonValue);
}
