import { describe, expect, it } from '@jest/globals';
import { looksSecret } from '../src/index.ts';

/** Put together here, so that no scanner of this repository takes them for real ones. */
const SECRETS: Readonly<Record<string, readonly [name: string, value: string]>> = {
  'the name says so': ['DB_PASSWORD', 'hunter2'],
  'the name says so in camel case': ['apiKey', 'abc'],
  'the name says so behind a dot': ['spring.datasource.password', 'abc'],
  'an access key of AWS has its form': ['ID', `AKIA${'A'.repeat(16)}`],
  'a token of GitHub has its form': ['X', `ghp_${'a'.repeat(36)}`],
  'a private key has its first line': ['X', ['-----BEGIN', 'RSA', 'PRIVATE', 'KEY-----'].join(' ')],
  'an address has a password': ['DATABASE_URL', 'postgres://app:hunter2@db:5432/app'],
};

const OTHERS: Readonly<Record<string, readonly [name: string, value: string]>> = {
  'the name has the word as a part': ['TOKENIZER_PATH', '/models'],
  'the value is a placeholder': ['DB_PASSWORD', '${DB_PASSWORD}'],
  'the value is an example': ['DB_PASSWORD', 'changeme'],
  'the value is empty': ['DB_PASSWORD', ''],
  'the address has a user only': ['DATABASE_URL', 'postgres://app@db:5432/app'],
  'the password of the address is a placeholder': ['DATABASE_URL', 'postgres://app:${PASSWORD}@db/app'],
  'it is a port': ['PORT', '8080'],
};

describe('a literal', () => {
  it.each(Object.entries(SECRETS))('looks like a secret where %s', (_when, [name, value]) => {
    expect(looksSecret(name, value)).toBe(true);
  });

  it.each(Object.entries(OTHERS))('does not where %s', (_when, [name, value]) => {
    expect(looksSecret(name, value)).toBe(false);
  });
});
