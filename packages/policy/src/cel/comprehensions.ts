import { requireKey } from './access.ts';
import { EvaluationFailure, Undecided } from './failure.ts';
import type { Frame, Run, Typed } from './frame.ts';
import { attempt, giveUp, type Outcome, requireBoolean, requireTruth } from './logic.ts';
import { LIST_CREATE_COST, MAP_CREATE_COST } from './meter.ts';
import { type Scope, withLocal } from './scope.ts';
import { ExpressionProblem, type Node, type NodeOf } from './syntax.ts';
import { boolType, type CelType, dynType, formatType, intType, isDyn, listOf, mapOf } from './types.ts';
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
} from './values.ts';

type Compile = (node: Node, scope: Scope) => Typed;

/** A comprehension's range and variables, bound; what it does with them is up to its kind. */
interface Loop {
  readonly range: Run;
  /** Sets the variables to each element in turn. */
  readonly bind: (frame: Frame, element: Element) => void;
  readonly variables: 1 | 2;
  readonly keyType: CelType;
  /** Of the variable, if there is one. */
  readonly elementType: CelType;
}

interface Element {
  readonly key: Value;
  readonly value: Value;
}

interface Parts {
  readonly loop: Loop;
  readonly bodies: readonly Typed[];
  readonly nodes: readonly Node[];
}

type Builder = (parts: Parts) => Typed;

/** By name and the number of parameters. Those with two variables came with Kubernetes 1.32. */
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

const TWO_VARIABLES_SINCE = 32;

/** @returns undefined if the call is no comprehension */
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

/** The name that a macro's parameter gives to a variable. @throws ExpressionProblem if it is none */
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
  // With one variable, that of a map is its key.
  const firstType = single && range.type.kind !== 'map' ? valueType : keyType;
  const first = withLocal(scope, names[0] as string, firstType);
  if (single) {
    const bind = (frame: Frame, { value }: Element): void => {
      frame.locals[first.slot] = value;
    };
    return {
      loop: { range: range.run, bind, variables: 1, keyType, elementType: firstType },
      within: first.scope,
    };
  }
  const second = withLocal(first.scope, names[1] as string, valueType);
  const bind = (frame: Frame, { key, value }: Element): void => {
    frame.locals[first.slot] = key;
    frame.locals[second.slot] = value;
  };
  return {
    loop: { range: range.run, bind, variables: 2, keyType, elementType: dynType },
    within: second.scope,
  };
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

/** The elements of a range, one at a time; with one variable a map's element is its key. */
function* elements(loop: Loop, frame: Frame): Generator<Element> {
  const range = loop.range(frame);
  if (Array.isArray(range)) {
    for (let index = 0; index < range.length; index += 1) {
      const value = range[index] as Value;
      frame.trace?.access(range, BigInt(index));
      yield { key: BigInt(index), value: fromJson(value) };
    }
    return;
  }
  if (!isMap(range) || range instanceof LazyMap) {
    const name = goTypes[typeName(range)] ?? typeName(range);
    throw new EvaluationFailure(
      loop.variables === 1
        ? `got '${name}', expected iterable type`
        : `unsupported comprehension range type: ${name}`,
    );
  }
  for (const key of keysOf(range)) {
    frame.trace?.access(range, key);
    yield { key, value: loop.variables === 1 ? key : (lookup(range, key) as Value) };
  }
}

/** `all` and `exists`. @param decisive the answer of one element that settles it */
function quantifier({ loop, bodies, nodes }: Parts, decisive: boolean): Typed {
  const predicate = bodies[0] as Typed;
  requireBoolean(predicate.type, nodes[0] as Node);
  return { type: boolType, run: frame => runQuantifier(loop, predicate.run, decisive, frame) };
}

function runQuantifier(loop: Loop, predicate: Run, decisive: boolean, frame: Frame): boolean {
  let failure: Outcome | undefined;
  for (const element of elements(loop, frame)) {
    loop.bind(frame, element);
    // What cel-go's expansion pays for: the condition and the accumulator.
    frame.meter.charge(decisive ? 4 : 3);
    const outcome = attempt(predicate, frame);
    if (outcome === decisive) {
      frame.meter.charge(decisive ? 4 : 3);
      return decisive;
    }
    if (outcome !== !decisive) failure = graver(failure, outcome);
  }
  frame.meter.charge(1);
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
      for (const element of elements(loop, frame)) {
        loop.bind(frame, element);
        frame.meter.charge(1);
        if (!requireTruth(predicate.run(frame))) continue;
        frame.meter.charge(1);
        count += 1;
      }
      frame.meter.charge(2);
      frame.trace?.settle(loop.range(frame));
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
      for (const element of elements(loop, frame)) {
        loop.bind(frame, element);
        frame.meter.charge(1);
        if (!requireTruth(predicate.run(frame))) continue;
        frame.meter.charge(LIST_CREATE_COST + 2);
        kept.push(element.value);
      }
      frame.meter.charge(LIST_CREATE_COST + 1);
      // What is said of the list next is about the first that was kept.
      if (kept[0] !== undefined) frame.trace?.settle(kept[0]);
      return kept;
    },
  };
}

function transformList({ loop, nodes }: Parts, predicate: Typed | undefined, transform: Typed): Typed {
  if (predicate !== undefined) requireBoolean(predicate.type, nodes[0] as Node);
  return {
    type: listOf(transform.type),
    run: frame => {
      const made: Value[] = [];
      for (const element of elements(loop, frame)) {
        loop.bind(frame, element);
        frame.meter.charge(1);
        if (predicate !== undefined && !requireTruth(predicate.run(frame))) continue;
        made.push(transform.run(frame));
        frame.meter.charge(LIST_CREATE_COST + 1);
      }
      frame.meter.charge(LIST_CREATE_COST + 1);
      return made;
    },
  };
}

function transformMap({ loop, nodes }: Parts, predicate: Typed | undefined, transform: Typed): Typed {
  if (predicate !== undefined) requireBoolean(predicate.type, nodes[0] as Node);
  return {
    type: mapOf(loop.keyType, transform.type),
    run: frame => {
      const made = new Map<MapKey, Value>();
      for (const element of elements(loop, frame)) {
        loop.bind(frame, element);
        frame.meter.charge(2);
        if (predicate !== undefined && !requireTruth(predicate.run(frame))) continue;
        insert(made, requireKey(element.key), transform.run(frame));
        frame.meter.charge(1);
      }
      frame.meter.charge(MAP_CREATE_COST + 1);
      return new CelMap(made);
    },
  };
}

function transformEntries({ loop, nodes }: Parts, predicate: Typed | undefined, transform: Typed): Typed {
  if (predicate !== undefined) requireBoolean(predicate.type, nodes[0] as Node);
  return {
    type: transform.type,
    run: frame => {
      const made = new Map<MapKey, Value>();
      for (const element of elements(loop, frame)) {
        loop.bind(frame, element);
        frame.meter.charge(1);
        if (predicate !== undefined && !requireTruth(predicate.run(frame))) continue;
        const entries = transform.run(frame);
        if (!isMap(entries)) throw new EvaluationFailure('no such overload');
        for (const key of keysOf(entries)) insert(made, key, lookup(entries, key) as Value);
        frame.meter.charge(1);
      }
      frame.meter.charge(MAP_CREATE_COST + 1);
      return new CelMap(made);
    },
  };
}

function insert(map: Map<MapKey, Value>, key: MapKey, value: Value): void {
  if (map.has(key)) throw new EvaluationFailure(`insert failed: key ${String(key)} already exists`);
  map.set(key, value);
}
