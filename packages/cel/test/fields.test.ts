import { describe, expect, it } from '@jest/globals';
import { compileExpression, dynType, ExpressionProblem, objectType, stringType } from '../src/index.ts';

const names = new Map([
  ['self', objectType('self', { __namespace__: stringType, name: stringType })],
  ['object', dynType],
]);
const values = { self: { __namespace__: 'a', name: 'b' }, object: { spec: {} } };

function answer(source: string): unknown {
  try {
    return compileExpression(source, { names, minor: 36 }).evaluate(values);
  } catch (error) {
    if (error instanceof ExpressionProblem) return error.message;
    throw error;
  }
}

describe('a field whose name is a word of CEL', () => {
  it.each([
    ["self.namespace == 'a'", true],
    ["self.__namespace__ == 'a'", true],
    ['has(self.namespace)', true],
    ["self.?namespace.orValue('') == 'a'", true],
    ["self.if == 'a'", "undefined field 'if'"],
    ["self.__name__ == 'b'", "undefined field '__name__'"],
  ])('%s', (source, expected) => {
    expect(answer(source)).toBe(expected);
  });
});

describe('null beside an optional', () => {
  it.each([
    ['object.?spec == null', false],
    ['object.?nothing != null', true],
    ['format.dns1123Label().validate(self.name) == null', false],
    ["(self.name == 'b' ? null : object.?spec) == null", true],
  ])('%s', (source, expected) => {
    expect(answer(source)).toBe(expected);
  });
});
