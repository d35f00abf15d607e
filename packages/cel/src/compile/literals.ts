import { ExpressionProblem, type Node, type NodeOf, optionalEntry } from '../parse/syntax.ts';
import {
  type CelType,
  dynType,
  formatType,
  freeType,
  isDyn,
  isSame,
  join,
  listOf,
  mapOf,
} from '../types/types.ts';
import { EvaluationFailure } from '../values/failure.ts';
import { LIST_CREATE_COST, MAP_CREATE_COST } from '../values/meter.ts';
import { CelMap, describe, type MapKey, Optional, type Value } from '../values/values.ts';
import { requireKey } from './access.ts';
import type { Frame, Run, Typed } from './frame.ts';
import type { Scope } from './scope.ts';

type Compile = (node: Node, scope: Scope) => Typed;

export function compileList(node: NodeOf<'list'>, scope: Scope, compile: Compile): Typed {
  const optionals = node.args.map(optionalEntry);
  const items = node.args.map((item, index) => compile(optionals[index] ?? item, scope));
  const types = items.map((item, index): readonly [CelType, Node] => {
    const optional = optionals[index];
    const at = node.args[index] as Node;
    return [optional === undefined ? item.type : innerType(item.type, optional), at];
  });
  const runs = items.map(({ run }) => run);
  const type = listOf(commonType(types, scope));
  if (optionals.every(optional => optional === undefined))
    return { type, items: types.map(([item]) => item), run: plainList(runs) };
  const append = items.map(({ run }, index) => (optionals[index] === undefined ? one(run) : given(run)));
  return {
    type,
    run: frame => {
      const values: Value[] = [];
      for (const add of append) add(values, frame);
      frame.meter.charge(LIST_CREATE_COST);
      return values;
    },
  };
}

function plainList(runs: readonly Run[]): Run {
  return frame => {
    const values = runs.map(run => run(frame));
    frame.meter.charge(LIST_CREATE_COST);
    return values;
  };
}

type Append = (values: Value[], frame: Frame) => void;

function one(run: Run): Append {
  return (values, frame) => {
    values.push(run(frame));
  };
}

/** `?a` in a list: nothing where the optional has no value. */
function given(run: Run): Append {
  return (values, frame) => {
    const value = run(frame);
    if (!(value instanceof Optional))
      throw new EvaluationFailure(
        `cannot initialize optional list element from non-optional value ${describe(value)}`,
      );
    if (value.value !== undefined) values.push(value.value);
  };
}

/** @throws ExpressionProblem for what cannot be an optional */
function innerType(type: CelType, node: Node): CelType {
  // An API server does not take such a policy either, since cel-go asks for the type of the optional's value.
  if (isDyn(type))
    throw new ExpressionProblem(`an optional entry of type 'dyn' cannot be checked`, node.start);
  if (type.kind === 'optional') return type.of;
  const shown = formatType(type);
  throw new ExpressionProblem(`expected type 'optional_type(${shown})' but found '${shown}'`, node.start);
}

/** Kubernetes refuses literals that mix types, and counts `dyn` as a type. */
function commonType(typed: readonly (readonly [CelType, Node])[], scope: Scope): CelType {
  let common = freeType;
  for (const [type, node] of typed) {
    const joined = isSame(common, type) ? join(common, type) : scope.mixed === true ? dynType : undefined;
    if (joined === undefined)
      throw new ExpressionProblem(
        `expected type '${formatType(common)}' but found '${formatType(type)}'`,
        node.start,
      );
    common = joined;
  }
  return common;
}

interface Entry {
  readonly key: Typed;
  readonly value: Typed;
  readonly optional: boolean;
}

export function compileMap(node: NodeOf<'map'>, scope: Scope, compile: Compile): Typed {
  const entries = node.args.map(([key, value]): Entry => {
    const optional = optionalEntry(key);
    return {
      key: compile(optional ?? key, scope),
      value: compile(value, scope),
      optional: optional !== undefined,
    };
  });
  const keys = commonType(
    entries.map(({ key }, index) => [key.type, node.args[index]?.[0] as Node]),
    scope,
  );
  const values = commonType(
    entries.map(({ value, optional }, index) => {
      const at = node.args[index]?.[1] as Node;
      return [optional ? innerType(value.type, at) : value.type, at];
    }),
    scope,
  );
  return { type: mapOf(keys, values), run: mapMaker(entries) };
}

function mapMaker(entries: readonly Entry[]): Run {
  return frame => {
    const made = new Map<MapKey, Value>();
    for (const { key: keys, value: values, optional } of entries) {
      const key = requireKey(keys.run(frame));
      const value = values.run(frame);
      if (!optional) made.set(key, value);
      else setGiven(made, key, value);
    }
    frame.meter.charge(MAP_CREATE_COST);
    return new CelMap(made);
  };
}

function setGiven(made: Map<MapKey, Value>, key: MapKey, value: Value): void {
  if (!(value instanceof Optional))
    throw new EvaluationFailure(
      `cannot initialize optional entry '${String(key)}' from non-optional value ${describe(value)}`,
    );
  if (value.value !== undefined) made.set(key, value.value);
}
