import type { SecretEncoding } from '@slipway/core';

/**
 * A secret as it has to stand where it lands: `url` percent-encodes it for a part of an URL (RFC 3986), `json` is a JSON
 * string with its quotes, `base64` its UTF-8 bytes (RFC 4648).
 */
export function encodeSecret(value: string, encoding: SecretEncoding | undefined): string {
  switch (encoding) {
    case 'url':
      return encodeURIComponent(value.toWellFormed());
    case 'json':
      return JSON.stringify(value);
    case 'base64':
      return Buffer.from(value, 'utf8').toString('base64');
    default:
      return value;
  }
}
