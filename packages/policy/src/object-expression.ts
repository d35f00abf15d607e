import type { JsonObject } from '@slipway/core';
import { CostExceeded, EvaluationFailure } from './cel/failure.ts';
import { functionsOf } from './cel/libraries.ts';
import { compileExpression } from './cel/program.ts';
import type { Declarations } from './cel/scope.ts';
import { ExpressionProblem } from './cel/syntax.ts';
import { dynType } from './cel/types.ts';
import type { Value } from './cel/values.ts';
import { NEWEST_KUBERNETES_VERSION } from './schemas/built-in.ts';

/** What an expression says of an object, or why it says nothing. */
export type ObjectAnswer = { readonly value: string | boolean } | { readonly failure: string };

export interface ObjectExpression {
  evaluate(object: JsonObject): ObjectAnswer;
}

/**
 * An expression in CEL about `object`, with the functions that policies for the newest Kubernetes have and the same bounds of
 * cost. `problem` says what is wrong with the text.
 */
export function compileObjectExpression(source: string): ObjectExpression | { readonly problem: string } {
  try {
    const program = compileExpression(source, declarations());
    return { evaluate: object => answerOf(() => program.evaluate({ object })) };
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    return { problem: `${error.message} (at character ${error.offset + 1})` };
  }
}

function declarations(): Declarations {
  const minor = Number(NEWEST_KUBERNETES_VERSION.split('.')[1]);
  return { names: new Map([['object', dynType]]), functions: functionsOf(minor), minor };
}

function answerOf(evaluate: () => Value): ObjectAnswer {
  try {
    return plainAnswer(evaluate());
  } catch (error) {
    if (error instanceof EvaluationFailure) return { failure: error.message };
    if (error instanceof CostExceeded) return { failure: 'it costs more than an expression may' };
    throw error;
  }
}

function plainAnswer(value: Value): ObjectAnswer {
  if (typeof value === 'string' || typeof value === 'boolean') return { value };
  return { failure: 'it gives neither text nor true or false' };
}
