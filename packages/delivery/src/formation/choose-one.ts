import { didYouMean, quote, SlipwayError } from '@slipway/core';
import type { DeliveryErrorCode } from '../error-codes.ts';

export interface Chosen<Value> {
  readonly name: string;
  readonly value: Value;
}

/**
 * The one that is named, or the only one that exists.
 * @param what for messages: `formation` or `destination`
 * @throws SlipwayError `destination-unclear`
 */
export function chooseOne<Value>(
  known: ReadonlyMap<string, Value>,
  named: readonly string[],
  what: 'formation' | 'destination',
): Chosen<Value> {
  const names = [...known.keys()];
  const [name = names.length === 1 ? (names[0] ?? '') : '', ...others] = named;
  const value = known.get(name);
  if (value !== undefined && others.length === 0) return { name, value };
  throw new SlipwayError<DeliveryErrorCode>({
    code: 'destination-unclear',
    message: describeChoice(named, name, what),
    remedy: didYouMean(name, names) || `set ${what} to one of ${names.map(quote).join(', ')}`,
  });
}

function describeChoice(named: readonly string[], name: string, what: string): string {
  if (named.length > 1) return `more than one ${what} is named: ${named.map(quote).join(', ')}`;
  return name === '' ? `it is not clear which ${what} is meant` : `there is no ${what} ${quote(name)}`;
}
