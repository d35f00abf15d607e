import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import {
  encodeSecret,
  environmentStore,
  openSecrets,
  parseAllowances,
  type SecretRequest,
} from '@slipway/secrets';

const SECRET = 'p@ss "wörd"/1';
const request = (word: string, name: string, as?: 'url' | 'json' | 'base64'): SecretRequest => ({
  word,
  reference: { from: 'env', name, ...(as === undefined ? {} : { as }) },
  at: { path: 'config/database.yaml', line: 9, column: 5 },
});

async function open(
  requests: SecretRequest[],
  allowed: string[],
  environment: Record<string, string> = { PASSWORD: SECRET },
) {
  const masked: string[] = [];
  const values = await openSecrets({
    requests,
    stores: [environmentStore(environment)],
    allowances: parseAllowances(allowed),
    mask: value => masked.push(value),
  });
  return { values, masked };
}

describe('opening secrets', () => {
  it('gives each word its value, encoded for where it lands, and masks both forms', async () => {
    const { values, masked } = await open([request('db.password', 'PASSWORD', 'url')], ['env=PASSWORD']);
    expect(values.get('db.password')).toBe('p%40ss%20%22w%C3%B6rd%22%2F1');
    expect(masked).toEqual([SECRET, 'p%40ss%20%22w%C3%B6rd%22%2F1']);
  });

  it('reads nothing that the step does not list, and says what is missing in the list', async () => {
    const failure = open([request('a', 'PASSWORD'), request('b', 'OTHER')], ['env=PASSWORDS']);
    await expect(failure).rejects.toMatchObject({ code: 'secret-not-allowed', problems: [{}, {}] });
    await expect(failure).rejects.toThrow(/config\/database\.yaml:9:5: deploy may not read "env=PASSWORD"/);
  });

  it('tells every secret without a value, an empty one included', async () => {
    const failure = open([request('a', 'A'), request('b', 'B')], ['env=A', 'env=B'], { A: '' });
    await expect(failure).rejects.toMatchObject({ code: 'secret-missing', problems: [{}, {}] });
  });

  it('never repeats what stands behind the = of a wrong entry', () => {
    const read = (): unknown => parseAllowances(['password=hunter2', 'hunter3']);
    expect(read).toThrow(SlipwayError);
    expect(read).not.toThrow(/hunter2/);
  });
});

describe('a secret', () => {
  it.each([
    ['url', 'a b&c', 'a%20b%26c'],
    ['json', 'a"\n', '"a\\"\\n"'],
    ['base64', 'ä', 'w6Q='],
    [undefined, 'a"b', 'a"b'],
  ] as const)('as %s', (encoding, value, expected) => {
    expect(encodeSecret(value, encoding)).toBe(expected);
  });
});
