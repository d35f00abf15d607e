import { type SecretEncoding, type SecretReference, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';

/** RFC 4648 with padding, white space between lines apart. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * What lands, of what lives in a store.
 * @throws SlipwayError `secret-not-text`
 */
export function convertSecret(
  value: Uint8Array,
  { decode, as }: Pick<SecretReference, 'decode' | 'as'>,
): Uint8Array {
  const plain = decode === 'base64' ? decodeBase64(value) : value;
  return as === undefined ? plain : Buffer.from(encodeSecret(plain, as), 'utf8');
}

function decodeBase64(value: Uint8Array): Uint8Array {
  const text = Buffer.from(value).toString('latin1').replace(/\s+/g, '');
  if (BASE64.test(text)) return Buffer.from(text, 'base64');
  throw notText(
    'it is not base64, although its entry says "decode: base64"',
    'store it as base64, or leave "decode" out',
  );
}

/**
 * A secret as it must be written where it is used: `url` percent-encodes its bytes for a part of a URL (RFC 3986), `json` is a JSON
 * string with its quotes, `base64` its bytes (RFC 4648).
 * @throws SlipwayError `secret-not-text` for JSON of bytes that are not text
 */
export function encodeSecret(value: Uint8Array, encoding: SecretEncoding): string {
  switch (encoding) {
    case 'url':
      return percentEncode(value);
    case 'json':
      return JSON.stringify(textOf(value));
    case 'base64':
      return Buffer.from(value).toString('base64');
  }
}

const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

function percentEncode(value: Uint8Array): string {
  return Array.from(value, byte => {
    const character = String.fromCharCode(byte);
    return UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** @throws SlipwayError `secret-not-text` */
export function textOf(value: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    throw notText(
      'it is not text, and only text can be used there',
      'put it into "data" as the whole scalar, or use "as: base64"',
    );
  }
}

function notText(message: string, remedy: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({ code: 'secret-not-text', message, remedy });
}
