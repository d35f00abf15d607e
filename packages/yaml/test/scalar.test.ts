import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { KUBERNETES_SCALARS, REJECTED_SCALARS } from '@slipway/testkit/yaml';
import { parseDocument } from '../src/index.ts';

const readValue = (text: string): unknown => (parseDocument(text, 'a.yaml').value as { v: unknown }).v;

describe('a scalar is read as Kubernetes reads it', () => {
  it.each(Object.entries(KUBERNETES_SCALARS))('%s', (text, expected) => {
    expect(readValue(`v: ${text}\n`)).toEqual(expected);
  });

  it.each(REJECTED_SCALARS)('%s is refused', text => {
    expect(() => readValue(`v: ${text}\n`)).toThrow(SlipwayError);
  });
});

describe('what js-yaml takes and Kubernetes does not is refused', () => {
  it.each([
    ['a text in brackets that begins with a colon', 'v: [:a]\n', 1, 5],
    ['a key beside a key, behind a tag', 'v: !own a: b\n', 1, 4],
    ['a key beside a key, behind an anchor', 'v: &x a: b\n', 1, 4],
    ['a colon before a bracket', 'v: [yes :]\n', 1, 5],
    ['a colon before a comma', 'v: {a : b, c :, d: 1}\n', 1, 12],
    ['a date that does not exist', 'v: !!timestamp 2024-02-30\n', 1, 16],
    ['a fraction that should be an integer', 'v: !!int 1.0\n', 1, 10],
    ['an integer of 64 bits that should be a fraction', 'v: !!float 9223372036854775808\n', 1, 12],
    ['a merge of a text', 'v: {! <<: a}\n', 1, 11],
    ['an infinite number that an alias repeats', 'v: {&x .inf: 1, a: *x}\n', 1, 20],
  ])('%s', (_name, text, line, column) => {
    expect(() => parseDocument(text, 'a.yaml')).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ at: expect.objectContaining({ line, column }) })],
      }),
    );
  });

  it('and so are bytes that are not text, which it would replace', () => {
    expect(() => parseDocument('v: !!binary /w==\n', 'a.yaml')).toThrow(SlipwayError);
    expect(readValue('v: !!binary w6k=\n')).toBe('é');
  });

  it('but not a map behind an explicit key, or on the next line', () => {
    expect(readValue('v:\n  ? a\n  : b: c\n')).toEqual({ a: { b: 'c' } });
    expect(readValue('v: !own\n  a: b\n')).toEqual({ a: 'b' });
    expect(readValue('v: [a: {b: c}]\n')).toEqual([{ a: { b: 'c' } }]);
  });
});

describe('a key becomes the text that Kubernetes makes of it', () => {
  it.each([
    ['on', 'true'],
    ['no', 'false'],
    ['y', 'true'],
    ['0777', '511'],
    ['0x1F', '31'],
    ['1e6', '1e+06'],
    ['.5', '0.5'],
    ['1.10', '1.1'],
    ['1e39', '.inf'],
    ['-1e39', '-.inf'],
    ['.inf', '.inf'],
    ['.NaN', '.nan'],
    ['1e-60', '0'],
    ['-1e-60', '-0'],
    ['58427.811049231546', '58427.812'],
    ['2.5e-7', '2.5e-07'],
    ['-.0', '-0'],
    ['-0', '0'],
    ['!!float -0', '0'],
    ['!!float 1000000', '1e+06'],
    ['16777217.0', '1.6777216e+07'],
    ['19236734757827972394', '1.9236734e+19'],
    ['+9223372036854775808', '9.223372e+18'],
    ['9007199254740993', '9007199254740993'],
    ['2024-01-02', '2024-01-02'],
    ['"on"', 'on'],
    ['__proto__', '__proto__'],
  ])('%s', (key, expected) => {
    const { value } = parseDocument(`${key}: 1\n`, 'a.yaml');
    expect(Object.keys(value as object)).toEqual([expected]);
  });

  it.each(['null', '~', '', '? [a]\n', '{a: 1}', '9223372036854775808'])(
    '%s is refused with its position',
    key => {
      expect(() => parseDocument(`${key}: 1\n`, 'a.yaml')).toThrow(
        expect.objectContaining({ code: 'yaml-key', message: expect.stringMatching(/^a\.yaml:1:/) }),
      );
    },
  );
});
