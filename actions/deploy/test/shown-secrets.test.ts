import { expect, it } from '@jest/globals';
import { formsIn, leakyIn } from './shown-secrets.ts';

const VALUE = 'leaky-password-1';

it.each([
  ['as it is', VALUE],
  ['in hexadecimal', Buffer.from(VALUE).toString('hex')],
  ...['', 'a', 'ab', 'abc'].map((before): [string, string] => [
    `in base64 after ${before.length} bytes`,
    Buffer.from(`${before}${VALUE}`).toString('base64'),
  ]),
  ['in base64 for addresses', Buffer.from(`>>?${VALUE}`).toString('base64url')],
])('a marked value is found %s', (_, text) => {
  expect(leakyIn(`before ${text} after`)).toHaveLength(1);
});

it('nothing is found where there is no value', () => {
  expect(leakyIn('a leak, bGVhaw== and 6c65616b')).toEqual([]);
});

it.each(['p@ss/"word', Buffer.from([0, 255, 1])])('any other value is found in its forms: %j', value => {
  const encoded = Buffer.from(value).toString('base64');
  expect(formsIn(`x${encoded}y`, [value])).toContain(encoded);
  expect(formsIn('nothing', [value])).toEqual([]);
});

it('a value is found as JSON and as part of an address', () => {
  for (const text of ['"p@ss/\\"word"', 'postgres://p%40ss%2F%22word@db'])
    expect(formsIn(text, ['p@ss/"word'])).not.toEqual([]);
});
