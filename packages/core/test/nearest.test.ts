import { describe, expect, it } from '@jest/globals';
import { nearest, quote } from '@slipway/core';

describe('the nearest word', () => {
  const cases: Record<string, [string, string[], string | undefined]> = {
    'one letter wrong': ['registri', ['registry', 'services'], 'registry'],
    'two letters swapped': ['sevrices', ['registry', 'services'], 'services'],
    'upper case': ['Registry', ['registry'], 'registry'],
    'nothing alike': ['banana', ['registry', 'services'], undefined],
    'the first of two that are equally near': ['eux', ['eu', 'us'], 'eu'],
    'no candidates': ['x', [], undefined],
  };
  it.each(Object.entries(cases))('%s', (_name, [word, candidates, expected]) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});

describe('a quotation', () => {
  it('is one line without control or direction characters', () => {
    expect(quote('a\n::error::b\u001b[31m\u202e')).toBe('"a\u{FFFD}::error::b\u{FFFD}[31m\u{FFFD}"');
  });

  it('is cut', () => {
    expect(quote('x'.repeat(500)).length).toBeLessThan(90);
  });
});
