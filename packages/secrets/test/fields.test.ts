import { describe, expect, it } from '@jest/globals';
import { parseExactJson } from '../src/values/exact-json.ts';
import { fieldOf } from '../src/values/json-field.ts';
import { fieldText, readKeyValue } from '../src/vault/key-value.ts';

const NUMBERS = [
  '12345678901234567890',
  '1.10',
  '-0',
  '1e400',
  '1E2',
  '0.1000000000000000055511151231257827',
];

describe('a field of a JSON secret', () => {
  it.each(NUMBERS)('that is a number keeps its digits: %s', digits => {
    const secret = Buffer.from(`{"pin": ${digits}, "list": [1.50], "text": "1.10"}`);
    expect(Buffer.from(fieldOf(secret, 'pin', 'the secret')).toString()).toBe(digits);
    expect(Buffer.from(fieldOf(secret, 'text', 'the secret')).toString()).toBe('1.10');
    expect(parseExactJson(secret.toString())).toEqual({ pin: digits, list: ['1.50'], text: '1.10' });
  });

  it.each([
    ['true', 'true'],
    ['false', 'false'],
    ['"a\\nb"', 'a\nb'],
  ])('is read as text: %s', (json, expected) => {
    expect(Buffer.from(fieldOf(Buffer.from(`{"a": ${json}}`), 'a', 'it')).toString()).toBe(expected);
  });

  it.each(['null', '""', '{}', '[1]'])('that is %s is refused', json => {
    expect(() => fieldOf(Buffer.from(`{"a": ${json}}`), 'a', 'it')).toThrow(
      expect.objectContaining({ code: 'secret-missing' }),
    );
  });
});

it('a secret that is empty as a whole is refused', () => {
  expect(() => fieldOf(Buffer.from(''), undefined, 'the secret "a"')).toThrow(/the secret "a" is empty/);
  expect(fieldOf(Buffer.from(' '), undefined, 'it')).toEqual(Buffer.from(' '));
});

describe('a field of Vault', () => {
  it.each([1, 2] as const)('that is a number keeps its digits in version %s of the engine', async version => {
    const fields = `{${NUMBERS.map((digits, index) => `"n${index}": ${digits}`).join(', ')}}`;
    const metadata = '"metadata": {"version": 3, "created_time": "2026-01-01T00:00:00Z"}';
    const text = version === 1 ? `{"data": ${fields}}` : `{"data": {"data": ${fields}, ${metadata}}}`;
    const engine = { mount: ['kv'], name: ['a'], type: 'kv', version };
    const call = async () => ({ status: 200, text, body: JSON.parse(text) });
    const found = await readKeyValue(call, 'token', ['kv', 'a'], engine);
    expect(NUMBERS.map((_, index) => fieldText(found.fields, `n${index}`, ['kv', 'a']))).toEqual(NUMBERS);
    expect(found.version?.id).toBe(version === 1 ? undefined : '3');
  });
});
