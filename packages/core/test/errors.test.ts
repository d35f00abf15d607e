import { describe, expect, it } from '@jest/globals';
import { changeProblems, type Problem, SlipwayError, throwIfAny } from '@slipway/core';
import { thrownBy } from '@slipway/testkit/errors';

const problems: readonly Problem[] = [
  { code: 'first', message: 'one is wrong', remedy: 'fix it' },
  { code: 'second', message: 'two is wrong', at: { path: 'a.yaml', line: 2, column: 1 } },
];

describe('problems', () => {
  it('are thrown together, under the code of the first', () => {
    const error = thrownBy(() => throwIfAny(problems.values()));
    expect([error.code, error.problems]).toEqual(['first', problems]);
    expect(error.message).toBe('one is wrong; fix it\na.yaml:2:1: two is wrong');
  });

  it('are not thrown where there are none', () => {
    expect(() => throwIfAny([])).not.toThrow();
  });

  it('are changed one by one, with the old error as the cause', () => {
    const [first, ...others] = problems as [Problem, ...Problem[]];
    const old = new SlipwayError([first, ...others]);
    const error = changeProblems(old, ({ message }) => ({ code: 'changed', message: `base: ${message}` }));
    expect(error.problems).toEqual([
      { code: 'changed', message: 'base: one is wrong' },
      { code: 'changed', message: 'base: two is wrong' },
    ]);
    expect(error.cause).toBe(old);
  });
});
