import type { JsonObject } from '@slipway/core';
import { ExpressionProblem, type Node, type NodeOf } from '../parse/syntax.ts';
import {
  boolType,
  type CelType,
  dynType,
  formatType,
  intType,
  isDyn,
  listOf,
  mapOf,
} from '../types/types.ts';
import { EvaluationFailure, Undecided } from '../values/failure.ts';
import { LIST_CREATE_COST, MAP_CREATE_COST } from '../values/meter.ts';
import {
  CelMap,
  fromJson,
  isMap,
  keysOf,
  LazyMap,
  lookup,
  type MapKey,
  typeName,
  type Value,
} from '../values/values.ts';
import { requireKey } from './access.ts';
import type { Frame, Run, Typed } from './frame.ts';
import { attempt, giveUp, type Outcome, requireBoolean, requireTruth } from './logic.ts';
import { type Scope, withLocal } from './scope.ts';

type Compile = (node: Node, scope: Scope) => Typed;

/** A comprehension's range and variables; its kind decides what it does with them. */
interface Loop {
  readonly range: Run;
  /** The slot of its only variable, or of the second of two. */
  readonly slot: number;
  /** The slot of the first of two variables. */
  readonly keySlot?: number;
  readonly keyType: CelType;
  /** The type of the variable in `slot`. */
  readonly elementType: CelType;
}

interface Parts {
  readonly loop: Loop;
  readonly bodies: readonly Typed[];
  readonly nodes: readonly Node[];
}

type Builder = (parts: Parts) => Typed;

/** Comprehensions by name and number of parameters. Those with two variables came with Kubernetes 1.32. */
const oneVariable: Readonly<Record<string, Builder>> = {
  'all/2': parts => quantifier(parts, false),
  'exists/2': parts => quantifier(parts, true),
  'exists_one/2': exactlyOne,
  'filter/2': filter,
  'map/2': parts => transformList(parts, undefined, parts.bodies[0] as Typed),
  'map/3': parts => transformList(parts, parts.bodies[0], parts.bodies[1] as Typed),
};

const twoVariables: Readonly<Record<string, Builder>> = {
  'all/3': parts => quantifier(parts, false),
  'exists/3': parts => quantifier(parts, true),
  'exists_one/3': exactlyOne,
  'existsOne/3': exactlyOne,
  'transformList/3': parts => transformList(parts, undefined, parts.bodies[0] as Typed),
  'transformList/4': parts => transformList(parts, parts.bodies[0], parts.bodies[1] as Typed),
  'transformMap/3': parts => transformMap(parts, undefined, parts.bodies[0] as Typed),
  'transformMap/4': parts => transformMap(parts, parts.bodies[0], parts.bodies[1] as Typed),
  'transformMapEntry/3': parts => transformEntries(parts, undefined, parts.bodies[0] as Typed),
  'transformMapEntry/4': parts => transformEntries(parts, parts.bodies[0], parts.bodies[1] as Typed),
};

export const TWO_VARIABLES_SINCE = 32;

/** Comprehensions of two variables have other names than those of one, or differ in the number of parameters. */
export const TWO_VARIABLE_MACROS = ['existsOne', 'transformList', 'transformMap', 'transformMapEntry'];

/** @returns undefined if the call is not a comprehension */
export function compileComprehension(
  node: NodeOf<'rcall'>,
  scope: Scope,
  compile: Compile,
): Typed | undefined {
  const [name, target, parameters] = node.args;
  const key = `${name}/${parameters.length}`;
  const single = oneVariable[key];
  const double = scope.declarations.minor > TWO_VARIABLES_SINCE ? twoVariables[key] : undefined;
  const build = single ?? double;
  if (build === undefined) return undefined;
  const count = single === undefined ? 2 : 1;
  const names = parameters.slice(0, count).map(variableName);
  if (new Set(names).size < names.length)
    throw new ExpressionProblem(`duplicate variable name: ${names[0]}`, node.start);
  const { loop, within } = openLoop(compile(target, scope), names, target, scope);
  const nodes = parameters.slice(count);
  return build({ loop, nodes, bodies: nodes.map(body => compile(body, within)) });
}

/** The keys of a list's items, for `sortBy(x, key)`: the result of `map(x, key)` for the list in `input`. */
export function compileKeys(input: Typed, node: NodeOf<'rcall'>, scope: Scope, compile: Compile): Typed {
  const [, target, [variable, key]] = node.args;
  const { loop, within } = openLoop(input, [variableName(variable)], target, scope);
  const nodes = [key as Node];
  const body = compile(key as Node, within);
  return transformList({ loop, nodes, bodies: [body] }, undefined, body);
}

/** The name of a variable in a macro's parameter. @throws ExpressionProblem if the parameter is not a name */
export function variableName(node: Node | undefined): string {
  if (node?.op === 'id') return node.args;
  throw new ExpressionProblem('argument must be a simple name', node?.start ?? 0);
}

function openLoop(
  range: Typed,
  names: readonly string[],
  node: Node,
  scope: Scope,
): { loop: Loop; within: Scope } {
  const [keyType, valueType] = elementTypes(range.type, node);
  const single = names.length === 1;
  // The only variable of a comprehension over a map is the key.
  const firstType = single && range.type.kind !== 'map' ? valueType : keyType;
  const first = withLocal(scope, names[0] as string, firstType);
  if (single) {
    const loop = { range: range.run, slot: first.slot, keyType, elementType: firstType };
    return { loop, within: first.scope };
  }
  const second = withLocal(first.scope, names[1] as string, valueType);
  const loop = { range: range.run, slot: second.slot, keySlot: first.slot, keyType, elementType: dynType };
  return { loop, within: second.scope };
}

function elementTypes(type: CelType, node: Node): readonly [key: CelType, value: CelType] {
  if (isDyn(type)) return [dynType, dynType];
  if (type.kind === 'list') return [intType, type.items];
  if (type.kind === 'map') return [type.keys, type.values];
  throw new ExpressionProblem(
    `expression of type '${formatType(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
    node.start,
  );
}

const goTypes: Readonly<Record<string, string>> = {
  null_type: 'types.Null',
  string: 'types.String',
  bool: 'types.Bool',
  int: 'types.Int',
  double: 'types.Double',
  uint: 'types.Uint',
  bytes: 'types.Bytes',
  optional_type: '*types.Optional',
};

/** Sets the variables to each element in turn, until `visit` returns true. */
function forEach(loop: Loop, frame: Frame, visit: () => boolean): void {
  const range = loop.range(frame);
  if (Array.isArray(range)) forEachItem(range, loop, frame, visit);
  else if (isMap(range) && !(range instanceof LazyMap)) forEachEntry(range, loop, frame, visit);
  else {
    const name = goTypes[typeName(range)] ?? typeName(range);
    throw new EvaluationFailure(
      loop.keySlot === undefined
        ? `got '${name}', expected iterable type`
        : `unsupported comprehension range type: ${name}`,
    );
  }
}

function forEachItem(range: readonly Value[], loop: Loop, frame: Frame, visit: () => boolean): void {
  const { locals, trace } = frame;
  for (let index = 0; index < range.length; index += 1) {
    trace?.access(range, BigInt(index));
    locals[loop.slot] = fromJson(range[index] as Value);
    if (loop.keySlot !== undefined) locals[loop.keySlot] = BigInt(index);
    if (visit()) return;
  }
}

/** The only variable of a comprehension over a map is the key. */
function forEachEntry(range: JsonObject | CelMap, loop: Loop, frame: Frame, visit: () => boolean): void {
  const { locals, trace } = frame;
  for (const key of keysOf(range)) {
    trace?.access(range, key);
    locals[loop.keySlot ?? loop.slot] = key;
    if (loop.keySlot !== undefined) locals[loop.slot] = lookup(range, key) as Value;
    if (visit()) return;
  }
}

/** `all` and `exists`. @param decisive the answer of one element that decides the result */
function quantifier({ loop, bodies, nodes }: Parts, decisive: boolean): Typed {
  const predicate = bodies[0] as Typed;
  requireBoolean(predicate.type, nodes[0] as Node);
  return { type: boolType, run: frame => runQuantifier(loop, predicate.run, decisive, frame) };
}

function runQuantifier(loop: Loop, predicate: Run, decisive: boolean, frame: Frame): boolean {
  // cel-go's expansion pays for the condition and the accumulator of each element.
  const cost = decisive ? 4 : 3;
  let failure: Outcome | undefined;
  let decided = false;
  forEach(loop, frame, () => {
    frame.meter.charge(cost);
    const outcome = attempt(predicate, frame);
    decided = outcome === decisive;
    if (!decided && outcome !== !decisive) failure = graver(failure, outcome);
    return decided;
  });
  frame.meter.charge(decided ? cost : 1);
  if (decided) return decisive;
  if (failure !== undefined) giveUp(failure, !decisive);
  if (decisive && frame.trace !== undefined) frame.trace.settle(loop.range(frame));
  return !decisive;
}

function graver(first: Outcome | undefined, second: Outcome): Outcome {
  if (first === undefined || (second instanceof Undecided && !(first instanceof Undecided))) return second;
  return first;
}

function exactlyOne({ loop, bodies, nodes }: Parts): Typed {
  const predicate = bodies[0] as Typed;
  requireBoolean(predicate.type, nodes[0] as Node);
  return {
    type: boolType,
    run: frame => {
      let count = 0;
      forEach(loop, frame, () => {
        frame.meter.charge(1);
        if (requireTruth(predicate.run(frame))) {
          frame.meter.charge(1);
          count += 1;
        }
        return false;
      });
      frame.meter.charge(2);
      if (frame.trace !== undefined) frame.trace.settle(loop.range(frame));
      return count === 1;
    },
  };
}

function filter({ loop, bodies, nodes }: Parts): Typed {
  const predicate = bodies[0] as Typed;
  requireBoolean(predicate.type, nodes[0] as Node);
  return {
    type: listOf(loop.elementType),
    run: frame => {
      const kept: Value[] = [];
      forEach(loop, frame, () => {
        const element = frame.locals[loop.slot] as Value;
        frame.meter.charge(1);
        if (requireTruth(predicate.run(frame))) {
          frame.meter.charge(LIST_CREATE_COST + 2);
          kept.push(element);
        }
        return false;
      });
      frame.meter.charge(LIST_CREATE_COST + 1);
      // What is read from the list next is about the first element that was kept.
      if (kept[0] !== undefined) frame.trace?.settle(kept[0]);
      return kept;
    },
  };
}

function transformList({ loop, nodes }: Parts, predicate: Typed | undefined, transform: Typed): Typed {
  const take = taker(predicate, nodes);
  return {
    type: listOf(transform.type),
    run: frame => {
      const made: Value[] = [];
      forEach(loop, frame, () => {
        frame.meter.charge(1);
        if (take(frame)) {
          made.push(transform.run(frame));
          frame.meter.charge(LIST_CREATE_COST + 1);
        }
        return false;
      });
      frame.meter.charge(LIST_CREATE_COST + 1);
      return made;
    },
  };
}

/** Whether an element is transformed: all are, unless there is a condition. */
function taker(predicate: Typed | undefined, nodes: readonly Node[]): (frame: Frame) => boolean {
  if (predicate === undefined) return () => true;
  requireBoolean(predicate.type, nodes[0] as Node);
  return frame => requireTruth(predicate.run(frame));
}

function transformMap({ loop, nodes }: Parts, predicate: Typed | undefined, transform: Typed): Typed {
  const take = taker(predicate, nodes);
  const keySlot = loop.keySlot ?? loop.slot;
  return {
    type: mapOf(loop.keyType, transform.type),
    run: frame =>
      makeMap(loop, frame, 2, made => {
        if (!take(frame)) return;
        const key = requireKey(frame.locals[keySlot] as Value);
        insert(made, key, transform.run(frame));
        frame.meter.charge(1);
      }),
  };
}

function transformEntries({ loop, nodes }: Parts, predicate: Typed | undefined, transform: Typed): Typed {
  const take = taker(predicate, nodes);
  return {
    type: transform.type,
    run: frame =>
      makeMap(loop, frame, 1, made => {
        if (!take(frame)) return;
        const entries = transform.run(frame);
        if (!isMap(entries)) throw new EvaluationFailure('no such overload');
        for (const key of keysOf(entries)) insert(made, key, lookup(entries, key) as Value);
        frame.meter.charge(1);
      }),
  };
}

function makeMap(loop: Loop, frame: Frame, cost: number, visit: (made: Map<MapKey, Value>) => void): CelMap {
  const made = new Map<MapKey, Value>();
  forEach(loop, frame, () => {
    frame.meter.charge(cost);
    visit(made);
    return false;
  });
  frame.meter.charge(MAP_CREATE_COST + 1);
  return new CelMap(made);
}

function insert(map: Map<MapKey, Value>, key: MapKey, value: Value): void {
  if (map.has(key)) throw new EvaluationFailure(`insert failed: key ${String(key)} already exists`);
  map.set(key, value);
}
