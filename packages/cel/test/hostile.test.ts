import { it } from '@jest/globals';
import fc from 'fast-check';
import {
  CostExceeded,
  compileExpression,
  dynType,
  EvaluationFailure,
  ExpressionProblem,
} from '../src/index.ts';

it('answers every expression with a value or one of its own refusals', () => {
  const declarations = { names: new Map([['object', dynType]]), minor: 36 };
  const words = [
    'object',
    '.a',
    '[0]',
    '["x"]',
    '(',
    ')',
    '1',
    '2.5',
    '"x"',
    '+',
    '-',
    '*',
    '/',
    '==',
    '<',
    '&&',
    '||',
    '!',
    '? 1 : 2',
    '.all(x, x)',
    '.map(x, x)',
    '.size()',
    'in',
    '[1, 2]',
    '{"a": 1}',
    'has(object.a)',
    '.?b',
    '.orValue(1)',
    'null',
    'true',
    'duration("1s")',
    'quantity("1")',
    '.matches("a*")',
    'x',
  ];
  const object = { a: 1, b: [1, 'x', { c: null }], x: { y: true } };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 12 }), parts => {
      try {
        compileExpression(parts.join(' '), declarations).evaluate({ object });
      } catch (error) {
        const own =
          error instanceof ExpressionProblem ||
          error instanceof EvaluationFailure ||
          error instanceof CostExceeded;
        if (!own) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});
