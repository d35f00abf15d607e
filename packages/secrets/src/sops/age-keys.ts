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
  throw keyInvalid(
    'SOPS_AGE_KEY is not an age identity',
    'give the line of the key file that begins with AGE-SECRET-KEY-1; identities of plugins are not supported',
  );
}

const SSH_KEY = /^-----BEGIN ((?:OPENSSH |RSA )?PRIVATE KEY)-----\n[\w+/=\n:,-]+\n-----END \1-----\n$/;

/**
 * A private SSH key in PEM, as `ssh-keygen` writes it.
 * @throws SlipwayError `sops-key-invalid`, without repeating any of it
 */
export function parseSshKey(text: string): string {
  const key = `${text.replaceAll('\r\n', '\n').trim()}\n`;
  if (SSH_KEY.test(key)) return key;
  throw keyInvalid(
    'SOPS_AGE_SSH_PRIVATE_KEY is not a private SSH key',
    'give the whole file that ssh-keygen wrote, with its first and last line, and without a passphrase',
  );
}

function keyInvalid(message: string, remedy: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({ code: 'sops-key-invalid', message, remedy });
}
