import { describe, expect, it } from '@jest/globals';
import { jsonFault } from '../src/code/facts/json-fault.ts';

describe('a text', () => {
  it.each([['{"a": [1, -2.5e3, true, false, null, "\\u00e9\\n"], "b": {}}'], [' [ ] '], ['"text"'], ['0']])(
    'is JSON: %j',
    text => {
      expect(() => JSON.parse(text) as unknown).not.toThrow();
      expect(jsonFault(text)).toBeUndefined();
    },
  );

  it.each([
    ['', 0],
    ['{"a": 1', 7],
    ['{"a": 1,}', 8],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ['{"a": 01}', 6],
    ['{"a": +1}', 6],
    ['{"a": "x\ny"}', 6],
    ['{"a": "\\x"}', 6],
    ['{"a": nul}', 6],
    ['{} {}', 3],
    [']', 0],
    ['[}', 1],
  ])('stops being JSON: %j', (text, at) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(jsonFault(text)).toBe(at);
  });

  it('is read however deep it is nested', () => {
    const deep = 200_000;
    expect(jsonFault('['.repeat(deep))).toBe(deep);
    expect(jsonFault('['.repeat(deep) + ']'.repeat(deep))).toBeUndefined();
  });
});
