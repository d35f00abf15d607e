import { ExpressionProblem, type Node } from '../parse/syntax.ts';
import { type CelType, dynType, formatType, intType, isAssignable, isDyn } from '../types/types.ts';

/** The type of a field of a value of type `operand`. @throws ExpressionProblem if there is no such field */
export function fieldType(operand: CelType, field: string, node: Node): CelType {
  const type = operand.kind === 'optional' ? operand.of : operand;
  if (isDyn(type)) return dynType;
  if (type.kind === 'map') return type.values;
  if (type.kind === 'object') {
    const found = type.fields.get(field);
    if (found !== undefined) return found;
    throw new ExpressionProblem(`undefined field '${field}'`, node.end - field.length);
  }
  throw new ExpressionProblem(`type '${formatType(type)}' does not support field selection`, node.start);
}

/** The type of the value at an index or key. @throws ExpressionProblem if it can't be indexed with that type */
export function itemType(operand: CelType, index: CelType, node: Node): CelType {
  const type = operand.kind === 'optional' ? operand.of : operand;
  if (isDyn(type)) return dynType;
  if (type.kind === 'list' && isAssignable(intType, index, new Map())) return type.items;
  if (type.kind === 'map' && isAssignable(type.keys, index, new Map())) return type.values;
  throw new ExpressionProblem(
    `found no matching overload for '_[_]' applied to '(${formatType(operand)}, ${formatType(index)})'`,
    node.start,
  );
}
