import { describe, expect, it } from '@jest/globals';
import {
  canonicalJson,
  formatPointer,
  type JsonValue,
  parseJson,
  parsePointer,
  stringifyJson,
  valueAt,
} from '@slipway/core';
import fc from 'fast-check';

describe('JSON', () => {
  it('keeps integers beyond 2^53 exact, both ways', () => {
    const text = '{"big":9223372036854775807,"small":7,"text":"9223372036854775807"}';
    expect(stringifyJson(parseJson(text))).toBe(text);
  });

  it('keeps them exact wherever they are, in whatever layout', () => {
    const big = '12345678901234567890';
    for (const [text, path] of [
      [big, []],
      [`\n -${big}`, []],
      [`[1,\t${big}]`, [1]],
      [`[[\n${big}]]`, [0, 0]],
      [`{"a" : ${big}}`, ['a']],
      [`{"a":\r\n-${big}}`, ['a']],
    ] as const)
      expect(typeof valueAt(parseJson(text), path)).toBe('bigint');
  });

  it('leaves decimals and exponents numbers', () => {
    expect(parseJson('[0.5, 1e300]')).toEqual([0.5, 1e300]);
  });

  it('has one canonical text, whatever the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: 2n ** 60n })).toBe(
      '{"a":1152921504606846976,"b":[1,{"c":"x","d":null}]}',
    );
  });

  it('has a canonical text that parses back to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'small' }), value => {
        expect(JSON.parse(canonicalJson(value as JsonValue))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('a pointer', () => {
  it('escapes what RFC 6901 escapes and reads it back', () => {
    const path = ['metadata', 'annotations', 'a/b~c', '0'];
    expect(formatPointer(path)).toBe('/metadata/annotations/a~1b~0c/0');
    expect(parsePointer(formatPointer(path))).toEqual(path);
  });

  it('finds a value, and nothing where there is none', () => {
    const value = { list: [{ name: 'x' }] };
    expect(valueAt(value, ['list', 0, 'name'])).toBe('x');
    expect(valueAt(value, ['list', 1, 'name'])).toBeUndefined();
    expect(valueAt(value, ['constructor'])).toBeUndefined();
  });
});
