import { describe, expect, it } from '@jest/globals';
import { compileList, compileMap } from '../src/compile/literals.ts';
import { openScope } from '../src/compile/scope.ts';
import { ExpressionProblem, withSyntax } from '../src/parse/syntax.ts';
import { type CelType, dynType, formatType, intType, optionalOf } from '../src/types/types.ts';

/** What a literal is said to be if its names have a type, whatever they would have in an expression. */
function typeOf(source: string, type: CelType): string {
  const scope = openScope({ names: new Map(), minor: 36 });
  const compile = () => ({ type, run: () => null });
  try {
    return withSyntax(source, 36, node => {
      if (node.op === 'list') return formatType(compileList(node, scope, compile).type);
      if (node.op === 'map') return formatType(compileMap(node, scope, compile).type);
      throw new Error('the test has no literal');
    });
  } catch (error) {
    if (error instanceof ExpressionProblem) return `at ${error.offset}: ${error.message}`;
    throw error;
  }
}

describe('an optional entry', () => {
  it.each([
    ['of a list', '[?a]', 2],
    ['of a list after another one', '[?a, ?b]', 2],
    ['of a map', "{?'a': b}", 7],
  ])('%s has the type of its value, and must have one that is known', (_what, source, offset) => {
    expect(typeOf(source, optionalOf(intType))).not.toMatch(/^at /);
    expect(typeOf(source, dynType)).toBe(`at ${offset}: an optional entry of type 'dyn' cannot be checked`);
    expect(typeOf(source, intType)).toBe(`at ${offset}: expected type 'optional_type(int)' but found 'int'`);
  });

  it('is asked for its type only where it is optional', () => {
    expect(typeOf('[a]', dynType)).toBe('list(dyn)');
  });
});
