import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { parseAllowances, parseSecretValues } from '@slipway/secrets';

const allowed = parseAllowances(['env=A', 'env=B', 'sops=secrets/*']);
const parse = (text: string) => parseSecretValues(text, allowed);

function problemsOf(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems.map(({ message }) => message);
  }
  return [];
}

describe('the lines of secret-values', () => {
  it.each([
    ['no line', '', {}],
    ['empty lines', '\n  \n', {}],
    ['spaces, which count', 'A= x \nB=y ', { A: ' x ', B: 'y ' }],
    ['a value with an equals sign and a here-document in it', 'A=b=c<<d', { A: 'b=c<<d' }],
    ['an empty value', 'A=', { A: '' }],
    ['a value of several lines', 'A<<END\none\n\n two=2\nEND\nB=3', { A: 'one\n\n two=2', B: '3' }],
    ['a value of no line', 'A<<END\nEND', { A: '' }],
    ['lines with carriage returns', 'A=1\r\nB<<END\r\none\r\ntwo\r\nEND\r\n', { A: '1', B: 'one\r\ntwo\r' }],
    [
      'what a store logs in with',
      'SOPS_AGE_KEY=key\nVAULT_TOKEN=token',
      { SOPS_AGE_KEY: 'key', VAULT_TOKEN: 'token' },
    ],
  ])('may have %s', (_, text, values) => {
    expect(parse(text)).toEqual(values);
  });

  it.each([
    ['a value of several lines without its end', 'A=-----BEGIN\nhunter2', 'has no "=" in line 2'],
    [
      'a second line that looks like a variable',
      'A=-----BEGIN\nhunter2=',
      'sets a variable that the step may not read in line 2',
    ],
    [
      'a variable that the step may not read',
      'HUNTER2=1',
      'sets a variable that the step may not read in line 1',
    ],
    ['a variable twice', 'A=hunter2\nB=1\nA=hunter3', 'sets "A" again in line 3'],
    ['a value that does not end', 'B=1\nA<<END\nhunter2\n END', 'begins a value that does not end in line 2'],
    ['a value that ends with nothing', 'A<<\nhunter2\n\n', 'begins a value that does not end in line 1'],
  ])('are refused with %s, and nothing of them is repeated', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([`input "secret-values" ${problem}`]);
  });

  it('are all looked at', () => {
    expect(problemsOf('hunter\nC=1\nA=1\nA=2')).toHaveLength(3);
  });
});
