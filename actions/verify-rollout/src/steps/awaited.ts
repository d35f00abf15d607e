import { didYouMean, quote, RESERVED_PAUSES, type Release, SlipwayError } from '@slipway/core';
import type { VerifyErrorCode } from '../error-codes.ts';

/**
 * A name that a release can never wait for would make its step a success that does nothing, each time.
 * @param name the input `if-waiting-for`; empty without one
 * @throws SlipwayError `decision-impossible`
 */
export function refuseNeverAwaited({ number, steps }: Release, name: string): void {
  if (steps === undefined || name === '') return;
  const pauses = steps.list.flatMap(({ pause }) => pause ?? []);
  const known = [...pauses, ...RESERVED_PAUSES, ...steps.list.map((_step, index) => `step-${index}`)];
  if (known.includes(name)) return;
  const meant = didYouMean(name, pauses);
  const has = pauses.length === 0 ? 'it has no pauses' : `its pauses are ${pauses.join(', ')}`;
  throw new SlipwayError<VerifyErrorCode>({
    code: 'decision-impossible',
    message: `nothing was done about release ${number}: it can never wait for ${quote(name)}`,
    remedy: `correct "if-waiting-for": ${meant === '' ? has : meant}`,
  });
}

/** Why nothing is done for a step with `if-waiting-for`. */
export function notAwaited({ number, verdict, steps }: Release, name: string): string {
  const isNow =
    verdict !== undefined
      ? `is closed as ${verdict}`
      : steps?.['waiting-for'] === undefined
        ? `is ${steps?.phase}`
        : `waits for ${steps['waiting-for']}`;
  return `Release ${number} ${isNow}, and does not wait for ${name}: nothing is done`;
}
