import { ExpressionProblem, type Node } from '../parse/syntax.ts';
import { type CelType, formatType, isDyn } from '../types/types.ts';
import { EvaluationFailure, Undecided } from '../values/failure.ts';
import type { Value } from '../values/values.ts';
import type { Frame, Run } from './frame.ts';

/** @throws ExpressionProblem if a value of the type can be neither true nor false */
export function requireBoolean(type: CelType, node: Node): void {
  if (isDyn(type) || (type.kind === 'simple' && type.name === 'bool')) return;
  throw new ExpressionProblem(`expected type 'bool' but found '${formatType(type)}'`, node.start);
}

/**
 * `&&` and `||`: a side that decides the result outweighs whatever happens on the other, and an undecided side outweighs a failure.
 * @param decisive the answer that decides the result: true for `||`
 */
export function logical(left: Run, right: Run, decisive: boolean): Run {
  return frame => {
    const first = attempt(left, frame);
    if (first === decisive) return decisive;
    if (first === !decisive) return requireTruth(right(frame));
    const second = attempt(right, frame);
    return second === decisive ? decisive : giveUp(first, second);
  };
}

/** @throws the outcome that outweighs the other, of two sides that did not decide the result */
export function giveUp(first: Outcome, second: Outcome): never {
  for (const outcome of [first, second]) if (outcome instanceof Undecided) throw outcome;
  for (const outcome of [first, second]) if (outcome instanceof EvaluationFailure) throw outcome;
  throw new EvaluationFailure('no such overload');
}

export function requireTruth(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  throw new EvaluationFailure('no such overload');
}

/** The outcome of one side, with a failure as a value. */
export type Outcome = Value | EvaluationFailure | Undecided;

export function attempt(run: Run, frame: Frame): Outcome {
  try {
    return run(frame);
  } catch (error) {
    if (error instanceof EvaluationFailure || error instanceof Undecided) return error;
    throw error;
  }
}
