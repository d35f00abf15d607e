import type { JsonObject } from '@slipway/core';
import type { Declarations } from './compile/scope.ts';
import { ExpressionProblem } from './parse/syntax.ts';
import { compileExpression } from './program.ts';
import { dynType } from './types/types.ts';
import { CostExceeded, EvaluationFailure } from './values/failure.ts';
import type { Value } from './values/values.ts';

/** The value of an expression about an object, or why it has none. */
export type ObjectAnswer = { readonly value: string | boolean } | { readonly failure: string };

export interface ObjectExpression {
  evaluate(object: JsonObject): ObjectAnswer;
}

/**
 * Compiles an expression in CEL about `object`, with all functions and the cost limit of policies. `problem` says what is wrong
 * with the text, and at which character.
 */
export function compileObjectExpression(source: string): ObjectExpression | { readonly problem: string } {
  try {
    const program = compileExpression(source, declarations);
    return { evaluate: object => answerOf(() => program.evaluate({ object })) };
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    return { problem: `${error.message} (at character ${error.offset + 1})` };
  }
}

/** No API server evaluates these expressions, so none limits them to the functions of its version. */
const declarations: Declarations = { names: new Map([['object', dynType]]), minor: Number.POSITIVE_INFINITY };

function answerOf(evaluate: () => Value): ObjectAnswer {
  try {
    return plainAnswer(evaluate());
  } catch (error) {
    if (error instanceof EvaluationFailure) return { failure: error.message };
    if (error instanceof CostExceeded) return { failure: 'it exceeds the cost limit of an expression' };
    throw error;
  }
}

function plainAnswer(value: Value): ObjectAnswer {
  if (typeof value === 'string' || typeof value === 'boolean') return { value };
  return { failure: 'it returned neither text nor true or false' };
}
