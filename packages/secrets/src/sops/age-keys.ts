import { SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';

/** X25519 and post-quantum identities. Others name a plugin, which is a program that age would start. */
const IDENTITY = /^AGE-SECRET-KEY-(?:1|PQ-1)[0-9A-Z]+$/;

/**
 * The identities in a text as `age-keygen` prints it, one per line; comments are dropped.
 * @throws SlipwayError `sops-key-invalid`, without repeating any of it
 */
export function parseAgeKeys(text: string): string[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
  if (lines.length > 0 && lines.every(line => IDENTITY.test(line))) return lines;
  throw new SlipwayError<SecretsErrorCode>({
    code: 'sops-key-invalid',
    message: 'SOPS_AGE_KEY is not an age identity',
    remedy:
      'give the line of the key file that begins with AGE-SECRET-KEY-1; identities of plugins are not supported',
  });
}
