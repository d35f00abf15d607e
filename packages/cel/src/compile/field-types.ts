import { ExpressionProblem, type Node } from '../parse/syntax.ts';
import { escapeName } from '../schemas/escape.ts';
import { type CelType, dynType, formatType, intType, isAssignable, isDyn } from '../types/types.ts';

/** A field that an expression selects. */
export interface SelectedField {
  readonly type: CelType;
  /** Its name in values, which is escaped if it is a reserved word: `namespace` selects `__namespace__`. */
  readonly key: string;
}

/**
 * A field of a value of type `operand`. A reserved word may be written as it is or escaped:
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/types.go#L464
 * @throws ExpressionProblem if there is no such field
 */
export function selectedField(operand: CelType, field: string, node: Node): SelectedField {
  const type = operand.kind === 'optional' ? operand.of : operand;
  if (isDyn(type)) return { type: dynType, key: field };
  if (type.kind === 'map') return { type: type.values, key: field };
  if (type.kind === 'object') {
    const key = type.fields.has(field) ? field : (escapeName(field) ?? field);
    const found = type.fields.get(key);
    if (found !== undefined && (key === field || key === `__${field}__`)) return { type: found, key };
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
