import { compile } from './compile/compile.ts';
import type { Frame, Trace } from './compile/frame.ts';
import { type Declarations, openScope } from './compile/scope.ts';
import { ExpressionProblem, withSyntax } from './parse/syntax.ts';
import type { CelType } from './types/types.ts';
import { Meter } from './values/meter.ts';
import type { Value } from './values/values.ts';

/** An expression that has been checked and can be evaluated any number of times. */
export interface Program {
  readonly source: string;
  readonly type: CelType;
  /**
   * @param names what the names of the declarations stand for; reading one may throw `Undecided`
   * @throws EvaluationFailure, Undecided or CostExceeded, which are answers rather than errors
   */
  evaluate(names: Readonly<Record<string, Value>>, meter?: Meter, trace?: Trace): Value;
}

/**
 * Parses an expression and checks its types.
 * @throws ExpressionProblem with the offset in the text
 */
export function compileExpression(source: string, declarations: Declarations): Program {
  const scope = openScope(declarations);
  const { type, run } = compileDeep(source, () =>
    withSyntax(source, declarations.minor, node => compile(node, scope)),
  );
  return {
    source,
    type,
    evaluate(names, meter = new Meter(), trace) {
      const locals = new Array<Value>(scope.slots.count).fill(null);
      const frame: Frame = trace === undefined ? { meter, names, locals } : { meter, names, locals, trace };
      return run(frame);
    },
  };
}

function compileDeep<Result>(source: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    // A chain of thousands of operators is nested as deeply as it is long.
    if (error instanceof RangeError)
      throw new ExpressionProblem('the expression is nested too deeply', source.length);
    throw error;
  }
}
