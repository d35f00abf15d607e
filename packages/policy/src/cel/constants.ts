import { EvaluationFailure } from './failure.ts';
import type { Overload } from './function-table.ts';
import { compilePattern } from './regular-expression.ts';
import { ExpressionProblem, type Node, type NodeOf } from './syntax.ts';
import type { CelType } from './types.ts';
import { Double, Uint, type Value } from './values.ts';

/** Functions that an API server evaluates when it takes a policy, if what they are given is written out. */
const folded = new Set(['bool', 'bytes', 'double', 'duration', 'int', 'string', 'timestamp', 'uint']);
const withPattern = new Set(['matches', 'find', 'findAll']);

/** @throws ExpressionProblem if a call of constants can't be evaluated */
export function checkConstants(
  name: string,
  overloads: readonly Overload[],
  given: readonly Node[],
  types: readonly CelType[],
): void {
  const [first, second] = given;
  if (folded.has(name) && given.length === 1 && first !== undefined) checkConversion(overloads, first);
  if (name === 'format' && first?.op === 'value' && second?.op === 'list')
    checkFormat(String(first.args), second, types[1]);
  if (withPattern.has(name) && second?.op === 'value' && typeof second.args === 'string')
    checkPattern(second.args, second);
}

function checkConversion(overloads: readonly Overload[], node: Node): void {
  const value = constantOf(node);
  if (value === undefined || overloads.length !== 1) return;
  try {
    overloads[0]?.run(value);
  } catch (error) {
    if (error instanceof EvaluationFailure) throw new ExpressionProblem(error.message, node.start);
    throw error;
  }
}

/** Clauses that take some types only. */
const clauseTypes: Readonly<Record<string, readonly string[]>> = {
  d: ['int', 'uint'],
  f: ['double'],
  e: ['double'],
  b: ['int', 'uint', 'bool'],
  o: ['int', 'uint'],
  x: ['int', 'uint', 'string', 'bytes'],
  X: ['int', 'uint', 'string', 'bytes'],
};

function checkFormat(template: string, list: NodeOf<'list'>, type: CelType | undefined): void {
  const clauses = [...template.matchAll(/%(?:%|(?:\.\d+)?(.?))/gs)]
    .map(match => match[1])
    .filter(verb => verb !== undefined);
  const items = type?.kind === 'list' && type.items.kind === 'simple' ? type.items.name : 'dyn';
  for (const [index, verb] of clauses.entries()) {
    const allowed = clauseTypes[verb];
    if (allowed === undefined && verb !== 's')
      throw new ExpressionProblem(
        `could not parse formatting clause: unrecognized formatting clause "${verb}"`,
        list.start,
      );
    if (index >= list.args.length) throw new ExpressionProblem(`index ${index} out of range`, list.start);
    if (allowed !== undefined && items !== 'dyn' && !allowed.includes(items))
      throw new ExpressionProblem(`the clause "%${verb}" takes no ${items}`, list.start);
  }
  if (list.args.length > clauses.length)
    throw new ExpressionProblem(
      `too many arguments supplied to string.format (expected ${clauses.length}, got ${list.args.length})`,
      list.start,
    );
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

function constantOf(node: Node): Value | undefined {
  if (node.op === '-_') {
    const value = constantOf(node.args);
    if (value instanceof Double) return new Double(-value.value);
    return typeof value === 'bigint' ? -value : undefined;
  }
  if (node.op !== 'value') return undefined;
  const value: unknown = node.args;
  if (typeof value === 'number') return new Double(value);
  const isPlain =
    value === null || ['string', 'boolean', 'bigint'].includes(typeof value) || value instanceof Uint8Array;
  return isPlain ? (value as Value) : new Uint(BigInt((value as { valueOf(): bigint }).valueOf()));
}
