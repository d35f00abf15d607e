import { ExpressionProblem, fieldOf, type Node, type NodeOf, qualifiedName } from '../parse/syntax.ts';
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  formatType,
  freeType,
  intType,
  isDyn,
  join,
  nullType,
  optionalOf,
  stringType,
  typeType,
  uintType,
} from '../types/types.ts';
import { EvaluationFailure } from '../values/failure.ts';
import { Double, TypeValue, Uint, type Value } from '../values/values.ts';
import { selectField, selectIndex, selectOptional, selectOptionalIndex } from './access.ts';
import { compileCall } from './call.ts';
import { itemType, selectedField } from './field-types.ts';
import type { Frame, Typed } from './frame.ts';
import { functionsOf } from './libraries.ts';
import { compileList, compileMap } from './literals.ts';
import { logical, requireBoolean } from './logic.ts';
import { macroOf } from './macros.ts';
import type { Scope } from './scope.ts';

const MAX_INT64 = (1n << 63n) - 1n;

const TYPE_NAMES = [
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
  'optional_type',
  'net.IP',
  'net.CIDR',
];

/**
 * Checks the types of an expression and makes it ready to be evaluated, as cel-go's checker and planner do.
 * @throws ExpressionProblem with the offset
 */
export function compile(node: Node, scope: Scope): Typed {
  switch (node.op) {
    case 'value':
      return compileLiteral(node);
    case 'id':
      return compileName(node.args, node, scope);
    case '.':
      return compileSelect(node, scope);
    case '.?': {
      const operand = compile(node.args[0], scope);
      const { type, key } = selectedField(operand.type, fieldOf(node), node);
      return { type: optionalOf(type), run: selectOptional(operand.run, key) };
    }
    case '[]':
    case '[?]':
      return compileIndex(node, scope);
    case 'list':
      return compileList(node, scope, compile);
    case 'map':
      return compileMap(node, scope, compile);
    case '?:':
      return compileConditional(node, scope);
    case '&&':
    case '||':
      return compileLogical(node, scope);
    case '!_':
    case '-_':
      return compileUnary(node, scope);
    case 'call':
      return (
        macroOf(node, scope, compile) ??
        compileCall(node.args[0], undefined, node.args[1], node, scope, compile)
      );
    case 'rcall':
      return compileMember(node, scope);
    default:
      return compileCall(operatorName(node.op), undefined, node.args, node, scope, compile);
  }
}

function operatorName(op: string): string {
  return op === 'in' ? '@in' : `_${op}_`;
}

function constant(type: CelType, value: Value): Typed {
  return { type, run: () => value };
}

function compileLiteral(node: NodeOf<'value'>): Typed {
  const value: unknown = node.args;
  if (value === null) return constant(nullType, null);
  if (typeof value === 'string') return constant(stringType, value);
  if (typeof value === 'boolean') return constant(boolType, value);
  if (typeof value === 'number') return constant(doubleType, new Double(value));
  if (typeof value === 'bigint') return compileInteger(value, node);
  if (value instanceof Uint8Array) return constant(bytesType, value);
  return constant(uintType, new Uint(BigInt((value as { valueOf(): bigint }).valueOf())));
}

function compileInteger(value: bigint, node: Node): Typed {
  if (value > MAX_INT64 || value < -MAX_INT64 - 1n)
    throw new ExpressionProblem('invalid int literal', node.start);
  return constant(intType, value);
}

/** A variable, or a field path that begins with one. @param name may contain dots */
function findName(name: string, scope: Scope): Typed | undefined {
  const local = scope.locals.get(name);
  if (local !== undefined) {
    const { slot } = local;
    return {
      type: local.type,
      run: frame => {
        frame.meter.charge(1);
        return frame.locals[slot] as Value;
      },
    };
  }
  const type = scope.declarations.names.get(name);
  if (type !== undefined) return { type, run: frame => readName(frame, name) };
  return TYPE_NAMES.includes(name) ? constant(typeType, new TypeValue(name)) : undefined;
}

function readName(frame: Frame, name: string): Value {
  frame.meter.charge(1);
  return frame.names[name] ?? null;
}

function compileName(name: string, node: Node, scope: Scope): Typed {
  const found = findName(name, scope);
  if (found !== undefined) return found;
  throw new ExpressionProblem(`undeclared reference to '${name}'`, node.start);
}

function compileSelect(node: NodeOf<'.'>, scope: Scope): Typed {
  const name = qualifiedName(node);
  const root = name?.split('.', 1)[0] ?? '';
  if (name !== undefined && !scope.locals.has(root)) {
    const found = findName(name, scope);
    if (found !== undefined) return found;
  }
  const operand = compile(node.args[0], scope);
  const { type, key } = selectedField(operand.type, fieldOf(node), node);
  const run = selectField(operand.run, key);
  return { type: operand.type.kind === 'optional' ? optionalOf(type) : type, run };
}

function compileIndex(node: NodeOf<'[]'> | NodeOf<'[?]'>, scope: Scope): Typed {
  const operand = compile(node.args[0], scope);
  const index = compile(node.args[1], scope);
  const type = itemType(operand.type, index.type, node);
  if (node.op === '[?]') {
    // Nothing is known of an optional of unknown type: cel-go gives it the type of the others.
    const of = operand.type.kind === 'optional' && isDyn(type) ? freeType : type;
    return { type: optionalOf(of), run: selectOptionalIndex(operand.run, index.run) };
  }
  const run = selectIndex(operand.run, index.run);
  return { type: operand.type.kind === 'optional' ? optionalOf(type) : type, run };
}

function compileConditional(node: NodeOf<'?:'>, scope: Scope): Typed {
  const [condition, yes, no] = node.args.map(part => compile(part, scope)) as [Typed, Typed, Typed];
  requireBoolean(condition.type, node.args[0]);
  requireParentheses(node);
  const type = join(yes.type, no.type);
  if (type === undefined)
    throw new ExpressionProblem(
      `found no matching overload for '_?_:_' applied to '(bool, ${formatType(yes.type)}, ${formatType(no.type)})'`,
      node.start,
    );
  return {
    type,
    run: frame => {
      const answer = condition.run(frame);
      if (typeof answer !== 'boolean') throw new EvaluationFailure('no such overload');
      return answer ? yes.run(frame) : no.run(frame);
    },
  };
}

/**
 * The grammar forbids a conditional without parentheses between `?` and `:`, but the library's parser accepts it. A node begins after
 * the parentheses around its first part, so its own parentheses are recognised by counting those that are closed within it.
 */
function requireParentheses({ args: [condition, yes], input }: NodeOf<'?:'>): void {
  if (yes.op !== '?:') return;
  const opened = input.slice(condition.end, yes.start).split('(').length - 1;
  if (opened <= closedWithin(input.slice(yes.start, yes.end)))
    throw new ExpressionProblem(
      "syntax error: a conditional between '?' and ':' needs parentheses",
      yes.start,
    );
}

/** The number of parentheses that a text closes without opening them. */
function closedWithin(text: string): number {
  const plain = text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/gs, '');
  let [depth, lowest] = [0, 0];
  for (const letter of plain) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    lowest = Math.min(lowest, depth);
  }
  return -lowest;
}

function compileLogical(node: NodeOf<'&&'> | NodeOf<'||'>, scope: Scope): Typed {
  const [left, right] = node.args.map(side => compile(side, scope)) as [Typed, Typed];
  requireBoolean(left.type, node.args[0]);
  requireBoolean(right.type, node.args[1]);
  return { type: boolType, run: logical(left.run, right.run, node.op === '||') };
}

function compileUnary(node: NodeOf<'!_'> | NodeOf<'-_'>, scope: Scope): Typed {
  const operand = node.args;
  // The smallest integer has no positive counterpart, so the sign belongs to the literal.
  if (node.op === '-_' && operand.op === 'value' && typeof operand.args === 'bigint')
    return compileInteger(-operand.args, node);
  const name = node.op === '!_' ? '!_' : '-_';
  return compileCall(name, undefined, [operand], node, scope, compile);
}

function compileMember(node: NodeOf<'rcall'>, scope: Scope): Typed {
  const [name, target, parameters] = node.args;
  const macro = macroOf(node, scope, compile);
  if (macro !== undefined) return macro;
  const prefix = qualifiedName(target);
  const qualified = prefix === undefined ? undefined : `${prefix}.${name}`;
  if (qualified !== undefined && functionsOf(scope.declarations.minor).has(qualified))
    return compileCall(qualified, undefined, parameters, node, scope, compile);
  return compileCall(name, target, parameters, node, scope, compile);
}
