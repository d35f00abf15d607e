import type { Overload } from '../functions/function-table.ts';
import { ExpressionProblem, type Node, type NodeOf } from '../parse/syntax.ts';
import { type CelType, formatType, isDyn } from '../types/types.ts';
import { EvaluationFailure } from '../values/failure.ts';
import { Meter } from '../values/meter.ts';
import { compilePattern } from '../values/regular-expression.ts';
import type { Typed } from './frame.ts';

/** Functions that an API server evaluates when it accepts a policy, if their arguments are constants. */
const FOLDED = new Set(['bool', 'bytes', 'double', 'duration', 'int', 'string', 'timestamp', 'uint']);
const WITH_PATTERN = new Set(['matches', 'find', 'findAll']);

/** @throws ExpressionProblem if a call of constants can't be evaluated */
export function checkConstants(
  name: string,
  isMember: boolean,
  overloads: readonly Overload[],
  given: readonly Node[],
  typed: readonly Typed[],
): void {
  const [first, second] = given;
  if (FOLDED.has(name) && given.length === 1 && first !== undefined && isConstant(first))
    checkConversion(overloads, first, typed[0] as Typed);
  // The API server's check of literals knows durations as text alone.
  if (name === 'duration' && first !== undefined && isInteger(first))
    throw new ExpressionProblem('invalid duration argument', first.start);
  if (name === 'format' && first?.op === 'value' && second?.op === 'list')
    checkFormat(String(first.args), second, typed[1]?.items ?? []);
  // As a function, `matches` has the text first, which the API server takes for the pattern too.
  if (name === 'matches' && !isMember && first?.op === 'value' && typeof first.args === 'string')
    checkPattern(first.args, first);
  if (WITH_PATTERN.has(name) && second?.op === 'value' && typeof second.args === 'string')
    checkPattern(second.args, second);
}

function checkConversion(overloads: readonly Overload[], node: Node, typed: Typed): void {
  if (overloads.length !== 1) return;
  try {
    overloads[0]?.run(typed.run({ meter: new Meter(), names: {}, locals: [] }));
  } catch (error) {
    if (error instanceof EvaluationFailure) throw new ExpressionProblem(error.message, node.start);
    throw error;
  }
}

/** A literal, its negation, or a conversion of one. */
function isConstant(node: Node): boolean {
  if (node.op === '-_') return isConstant(node.args);
  if (node.op !== 'call') return node.op === 'value';
  const [name, [argument, ...others]] = node.args;
  return FOLDED.has(name) && argument !== undefined && others.length === 0 && isConstant(argument);
}

function isInteger(node: Node): boolean {
  if (node.op === '-_') return isInteger(node.args);
  return node.op === 'value' && typeof node.args === 'bigint';
}

const TEXTS = ['string', 'bool', 'bytes', 'int', 'uint', 'double', 'null_type', 'duration', 'timestamp'];

/** Formatting clauses and the types that they accept. */
const clauseTypes: Readonly<Record<string, readonly string[]>> = {
  s: [...TEXTS, 'list', 'map', 'type'],
  d: ['int', 'uint'],
  f: ['double'],
  e: ['double'],
  b: ['int', 'uint', 'bool'],
  o: ['int', 'uint'],
  x: ['int', 'uint', 'string', 'bytes'],
  X: ['int', 'uint', 'string', 'bytes'],
};

function checkFormat(template: string, list: NodeOf<'list'>, items: readonly CelType[]): void {
  const clauses = [...template.matchAll(/%(?:%|(?:\.\d+)?(.?))/gs)]
    .map(match => match[1])
    .filter(verb => verb !== undefined);
  for (const [index, verb] of clauses.entries()) {
    const allowed = clauseTypes[verb];
    const at = list.args[index] ?? list;
    if (allowed === undefined)
      throw new ExpressionProblem(
        `could not parse formatting clause: unrecognized formatting clause "${verb}"`,
        list.start,
      );
    if (index >= list.args.length) throw new ExpressionProblem(`index ${index} out of range`, list.start);
    const type = items[index];
    if (type !== undefined && !isDyn(type) && !allowed.includes(nameOf(type)))
      throw new ExpressionProblem(`the clause "%${verb}" takes no ${formatType(type)}`, at.start);
  }
  if (list.args.length > clauses.length)
    throw new ExpressionProblem(
      `too many arguments supplied to string.format (expected ${clauses.length}, got ${list.args.length})`,
      list.start,
    );
}

function nameOf(type: CelType): string {
  return type.kind === 'simple' ? type.name : type.kind;
}

function checkPattern(pattern: string, node: Node): void {
  try {
    compilePattern(pattern);
  } catch (error) {
    throw new ExpressionProblem(
      error instanceof Error ? error.message : 'invalid regular expression',
      node.start,
    );
  }
}
