import { ExpressionProblem, fieldOf, type Node, type NodeOf } from '../parse/syntax.ts';
import { boolType, dynType, formatType, isDyn, optionalOf } from '../types/types.ts';
import { EvaluationFailure } from '../values/failure.ts';
import { Optional, typeName } from '../values/values.ts';
import { hasField } from './access.ts';
import { compileComprehension, variableName } from './comprehensions.ts';
import { selectedField } from './field-types.ts';
import type { Typed } from './frame.ts';
import { type Scope, withLocal } from './scope.ts';
import { compileSortBy } from './sorting.ts';

type Compile = (node: Node, scope: Scope) => Typed;

/** What looks like a call but names a variable or leaves its argument unevaluated; undefined for a call. */
export function macroOf(
  node: NodeOf<'call'> | NodeOf<'rcall'>,
  scope: Scope,
  compile: Compile,
): Typed | undefined {
  if (node.op === 'call') {
    const [name, [argument, ...others]] = node.args;
    return name === 'has' && argument !== undefined && others.length === 0
      ? compilePresence(argument, scope, compile)
      : undefined;
  }
  const [name, , parameters] = node.args;
  if ((name === 'optMap' || name === 'optFlatMap') && parameters.length === 2)
    return compileOptionalMap(node, scope, compile);
  return compileSortBy(node, scope, compile) ?? compileComprehension(node, scope, compile);
}

/** `has(a.b)`: the last selection is tested instead of read. */
function compilePresence(node: Node, scope: Scope, compile: Compile): Typed {
  if (node.op !== '.') throw new ExpressionProblem('invalid argument to has() macro', node.start);
  const operand = compile(node.args[0], scope);
  const { key } = selectedField(operand.type, fieldOf(node), node);
  return { type: boolType, run: hasField(operand.run, key) };
}

/** `a.optMap(x, e)`: the optional of `e` where `a` has a value; `optFlatMap` where `e` is an optional itself. */
function compileOptionalMap(node: NodeOf<'rcall'>, scope: Scope, compile: Compile): Typed {
  const [name, target, parameters] = node.args;
  const optional = compile(target, scope);
  if (optional.type.kind !== 'optional' && !isDyn(optional.type))
    throw new ExpressionProblem(
      `found no matching overload for 'hasValue' applied to '${formatType(optional.type)}.()'`,
      target.start,
    );
  const inner = optional.type.kind === 'optional' ? optional.type.of : dynType;
  const { scope: within, slot } = withLocal(scope, variableName(parameters[0]), inner);
  const body = compile(parameters[1] as Node, within);
  const flat = name === 'optFlatMap';
  return {
    type: flat ? body.type : optionalOf(body.type),
    run: frame => {
      const value = optional.run(frame);
      if (!(value instanceof Optional))
        throw new EvaluationFailure(`no such overload: hasValue(${typeName(value)})`);
      frame.meter.charge(1);
      if (value.value === undefined) return Optional.none;
      frame.locals[slot] = value.value;
      const result = body.run(frame);
      return flat ? result : new Optional(result);
    },
  };
}
