import type { JsonValue } from '@slipway/core';

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * JSON whose numbers are texts, with the digits that they are written in: `1.10` is not `1.1`, and no number is too long.
 * @throws SyntaxError, also for what is nested deeper than this program can follow
 */
export function parseExactJson(text: string): JsonValue {
  const digits: Reviver = (_key, value, { source }) =>
    typeof value === 'number' ? (source ?? String(value)) : value;
  try {
    return JSON.parse(text, digits as never) as JsonValue;
  } catch (error) {
    throw error instanceof RangeError ? new SyntaxError('nested too deeply') : error;
  }
}
