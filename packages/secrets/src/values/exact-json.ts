import type { JsonValue } from '@slipway/core';

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * JSON whose numbers are texts, with the digits that they are written in: `1.10` is not `1.1`, and no number is too long.
 * @throws SyntaxError
 */
export function parseExactJson(text: string): JsonValue {
  const digits: Reviver = (_key, value, { source }) =>
    typeof value === 'number' ? (source ?? String(value)) : value;
  return JSON.parse(text, digits as never) as JsonValue;
}
