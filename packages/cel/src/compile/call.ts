import type { Overload } from '../functions/function-table.ts';
import { ExpressionProblem, type Node } from '../parse/syntax.ts';
import { type CelType, dynType, formatType, isAssignable, substitute } from '../types/types.ts';
import { EvaluationFailure } from '../values/failure.ts';
import { Optional, type Value } from '../values/values.ts';
import { checkConstants } from './constants.ts';
import type { Frame, Run, Typed } from './frame.ts';
import { functionsOf, sinceOf } from './libraries.ts';
import { noOverloadFor } from './no-overload.ts';
import type { Scope } from './scope.ts';

type Compile = (node: Node, scope: Scope) => Typed;

/**
 * A call of a function, a method or an operator: overloads that fit the static types are kept, and the values decide between
 * them, as in cel-go. @throws ExpressionProblem if there is no such function or none of its overloads fits
 */
export function compileCall(
  name: string,
  target: Node | undefined,
  parameters: readonly Node[],
  node: Node,
  scope: Scope,
  compile: Compile,
): Typed {
  requireFunction(name, node, scope);
  const given = target === undefined ? parameters : [target, ...parameters];
  // Kubernetes does not check the literals in a call of format.
  const inside = name === 'format' && target !== undefined ? { ...scope, mixed: true } : scope;
  const typed = given.map(item => compile(item, inside));
  const { overloads, type } = overloadsFor(name, target !== undefined, typed, node, scope);
  checkConstants(name, target !== undefined, overloads, given, typed);
  const runs = typed.map(({ run }) => run);
  if (name === 'orValue' || name === 'or')
    return { type, run: optionalChoice(name, runs, scope.declarations.minor) };
  return { type, run: dispatch(name, overloads, runs) };
}

/** A call of a method that a macro expands to; the types of its target and parameters are known. */
export function compileResolved(name: string, typed: readonly Typed[], node: Node, scope: Scope): Typed {
  const { overloads, type } = overloadsFor(name, true, typed, node, scope);
  const runs = typed.map(({ run }) => run);
  return { type, run: dispatch(name, overloads, runs) };
}

/** @throws ExpressionProblem if this version of Kubernetes has no such function */
function requireFunction(name: string, node: Node, scope: Scope): readonly Overload[] {
  const declared = functionsOf(scope.declarations.minor).get(name);
  if (declared !== undefined) return declared;
  const since = sinceOf(name);
  const hint = since === undefined ? '' : `, which policies may use since Kubernetes 1.${since}`;
  throw new ExpressionProblem(`undeclared reference to '${name}'${hint}`, offsetOfCall(name, node));
}

/** @throws ExpressionProblem if nothing fits */
function overloadsFor(
  name: string,
  member: boolean,
  typed: readonly Typed[],
  node: Node,
  scope: Scope,
): { overloads: Overload[]; type: CelType } {
  const declared = requireFunction(name, node, scope);
  const types = typed.map(({ type }) => type);
  const found = resolve(declared, member, types);
  if (found.overloads.length > 0) return found;
  const shown = member ? memberForm(types) : `(${types.map(formatType).join(', ')})`;
  throw new ExpressionProblem(
    `found no matching overload for '${name}' applied to '${shown}'`,
    offsetOfCall(name, node),
  );
}

function memberForm([first, ...rest]: readonly CelType[]): string {
  return `${formatType(first ?? dynType)}.(${rest.map(formatType).join(', ')})`;
}

function offsetOfCall(name: string, node: Node): number {
  const short = name.slice(name.lastIndexOf('.') + 1);
  const found = node.input.slice(node.start, node.end).lastIndexOf(`${short}(`);
  return node.op === 'rcall' && found >= 0 ? node.start + found : node.start;
}

function resolve(
  declared: readonly Overload[],
  member: boolean,
  types: readonly CelType[],
): { overloads: Overload[]; type: CelType } {
  const overloads: Overload[] = [];
  let type: CelType | undefined;
  for (const overload of declared) {
    if (overload.member !== member || overload.parameters.length !== types.length) continue;
    const bindings = new Map<string, CelType>();
    if (
      !overload.parameters.every((wanted, index) => isAssignable(wanted, types[index] as CelType, bindings))
    )
      continue;
    overloads.push(overload);
    const result = substitute(overload.result, bindings);
    type = type === undefined || sameType(type, result) ? result : dynType;
  }
  return { overloads, type: type ?? dynType };
}

function sameType(left: CelType, right: CelType): boolean {
  return formatType(left) === formatType(right);
}

/** Most calls have one or two values, which need no list. */
function dispatch(name: string, overloads: readonly Overload[], runs: readonly Run[]): Run {
  const [first, second] = runs;
  if (runs.length === 1 && first !== undefined) return frame => callOne(name, overloads, first(frame), frame);
  if (runs.length === 2 && first !== undefined && second !== undefined)
    return frame => {
      const value = first(frame);
      return callTwo(name, overloads, value, second(frame), frame);
    };
  return frame =>
    callMany(
      name,
      overloads,
      runs.map(run => run(frame)),
      frame,
    );
}

function callOne(name: string, overloads: readonly Overload[], value: Value, frame: Frame): Value {
  for (const { accepts, run, cost } of overloads) {
    if (!accepts[0]?.(value)) continue;
    const result = run(value);
    frame.meter.charge(cost === undefined ? 1 : cost([value], result));
    return result;
  }
  throw noOverloadFor(name, [value]);
}

function callTwo(
  name: string,
  overloads: readonly Overload[],
  left: Value,
  right: Value,
  frame: Frame,
): Value {
  for (const { accepts, run, cost } of overloads) {
    if (!accepts[0]?.(left) || !accepts[1]?.(right)) continue;
    const result = run(left, right);
    frame.meter.charge(cost === undefined ? 1 : cost([left, right], result));
    return result;
  }
  throw noOverloadFor(name, [left, right]);
}

function callMany(
  name: string,
  overloads: readonly Overload[],
  values: readonly Value[],
  frame: Frame,
): Value {
  for (const { accepts, run, cost } of overloads) {
    if (!accepts.every((accept, index) => accept(values[index] as Value))) continue;
    const result = run(...values);
    frame.meter.charge(cost === undefined ? 1 : cost(values, result));
    return result;
  }
  throw noOverloadFor(name, values);
}

/** The first minor version that refuses a value which is not an optional; cel-go passed it on before. */
const ONLY_OPTIONALS_SINCE = 37;

/** `or` and `orValue` evaluate the second operand only if the first has no value. */
function optionalChoice(name: string, [first, second]: readonly Run[], minor: number): Run {
  return frame => {
    const optional = (first as Run)(frame);
    frame.meter.charge(1);
    if (!(optional instanceof Optional)) {
      if (minor < ONLY_OPTIONALS_SINCE) return optional;
      throw new EvaluationFailure('no such overload');
    }
    if (optional.value === undefined) return (second as Run)(frame);
    return name === 'or' ? optional : optional.value;
  };
}
