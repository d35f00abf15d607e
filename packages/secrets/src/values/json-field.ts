import { isJsonObject, type JsonObject, type JsonValue, nearest, quote, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import { textOf } from './encode.ts';
import { parseExactJson } from './exact-json.ts';

/**
 * A field of a secret that is a JSON object, as text; a number as its digits. Without a key, the whole secret.
 * @param what the secret, as messages call it
 * @throws SlipwayError `secret-missing`, `secret-not-text`, never with a value
 */
export function fieldOf(secret: Uint8Array, key: string | undefined, what: string): Uint8Array {
  if (key === undefined && secret.length === 0)
    throw refused('secret-missing', `${what} is empty`, 'store a value, or remove the entry');
  if (key === undefined) return secret;
  const fields = parseFields(secret, what);
  const value: JsonValue | undefined = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (typeof value === 'string' && value !== '') return Buffer.from(value, 'utf8');
  if (typeof value === 'boolean') return Buffer.from(String(value), 'utf8');
  if (value === undefined) throw noField(fields, key, what);
  const state = value === '' || value === null ? 'is empty' : 'is not a scalar';
  throw refused(
    'secret-missing',
    `the field ${quote(key)} of ${what} ${state}`,
    'fix "key" of this entry, or write the field',
  );
}

/** Windows writes it before a text; no value of a field has it. */
const BYTE_ORDER_MARK = /^\uFEFF/;

function parseFields(secret: Uint8Array, what: string): JsonObject {
  let fields: JsonValue;
  try {
    fields = parseExactJson(textOf(secret).replace(BYTE_ORDER_MARK, ''));
  } catch {
    throw notJson(what);
  }
  if (isJsonObject(fields)) return fields;
  throw notJson(what);
}

function notJson(what: string): SlipwayError<SecretsErrorCode> {
  return refused(
    'secret-not-text',
    `${what} is not a JSON object, so that it has no "key"`,
    'leave "key" out, or store it as JSON',
  );
}

/** Only a name that is close is shown: what is stored as a name may be a value by mistake. */
function noField(fields: JsonObject, key: string, what: string): SlipwayError<SecretsErrorCode> {
  const near = nearest(key, Object.keys(fields));
  return refused(
    'secret-missing',
    `${what} has no field ${quote(key)}`,
    near === undefined ? 'fix "key" of this entry, or write the field' : `did you mean ${quote(near)}?`,
  );
}

function refused(code: SecretsErrorCode, message: string, remedy: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({ code, message, remedy });
}
