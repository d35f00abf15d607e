import { describe, expect, it } from '@jest/globals';
import { compileExpression } from '../src/index.ts';
import { showValue } from './support/show-value.ts';

function outcomeOf(source: string, minor: number): string {
  try {
    return showValue(compileExpression(source, { names: new Map(), minor }).evaluate({}));
  } catch (error) {
    return (error as Error).message;
  }
}

describe('expressions of a version of Kubernetes', () => {
  it.each([
    ["'abc'.indexOf('', 9)", 'int 9', 'int 3'],
    ["'abc'.indexOf('', -1)", 'int -1', 'index out of range: -1'],
    ["'abc'.lastIndexOf('', 9)", 'int 9', 'int 3'],
    ["'abc'.lastIndexOf('')", 'int 3', 'int 3'],
    ['dyn(3).orValue(2)', 'int 3', 'no such overload'],
    ['lists.range(-1)', '[]', 'lists.range: size must be non-negative, got -1'],
  ])('%s is %s before 1.37, and %s from then on', (source, before, since) => {
    expect([outcomeOf(source, 36), outcomeOf(source, 37)]).toEqual([before, since]);
  });

  it.each([
    ["{'a.b/c': 1}.`a.b/c`", 'int 1'],
    ["has({'in': 1}.`in`) && !has({'in': 1}.`a b`)", 'bool true'],
    ["[?{'a-b': 1}.?`a-b`]", '[int 1]'],
    ["'`a`' + r'`b`'", '"`a``b`"'],
  ])('may name a field in backquotes from 1.37 on: %s', (source, value) => {
    expect(outcomeOf(source, 37)).toBe(value);
  });

  it.each(["{'a': 1}.`a`", '`a`', "{'a': 1}.``", "{'a': 1}.`a;b`"])(
    'are refused with backquotes where the API server refuses them: %s',
    source => {
      expect(outcomeOf(source, source === "{'a': 1}.`a`" ? 36 : 37)).toContain('syntax error');
    },
  );

  it('say which version has a function that is not there yet', () => {
    expect(outcomeOf('[1].includes(1)', 37)).toContain('which policies may use since Kubernetes 1.38');
    expect(outcomeOf('[1].includes(1)', 38)).toBe('bool true');
  });
});
