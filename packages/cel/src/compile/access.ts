import { EvaluationFailure } from '../values/failure.ts';
import {
  Double,
  describe,
  fromJson,
  isMap,
  lookup,
  mapKey,
  Optional,
  typeName,
  Uint,
  type Value,
} from '../values/values.ts';
import type { Run } from './frame.ts';

/**
 * Reads a field or an item: https://github.com/google/cel-go/blob/v0.26.0/interpreter/attributes.go#L1318
 * @returns undefined where a presence test finds nothing
 * @throws EvaluationFailure where it is not a presence test
 */
export function find(container: Value, key: Value): Value | undefined {
  if (isMap(container)) return lookup(container, key);
  if (!Array.isArray(container)) return undefined;
  const index = indexOf(key);
  const item = index >= 0 && index < container.length ? (container[index] as Value) : undefined;
  return item === undefined ? undefined : fromJson(item);
}

function indexOf(key: Value): number {
  if (typeof key === 'bigint') return Number(key);
  if (key instanceof Uint) return Number(key.value);
  if (!(key instanceof Double))
    throw new EvaluationFailure(`unsupported index type '${typeName(key)}' in list`);
  if (!Number.isInteger(key.value))
    throw new EvaluationFailure(`unsupported index value ${describe(key)} in list`);
  return key.value;
}

function read(container: Value, key: Value): Value {
  const value = find(container, key);
  if (value !== undefined) return value;
  throw new EvaluationFailure(
    Array.isArray(container) ? `index out of bounds: ${describe(key)}` : `no such key: ${describe(key)}`,
  );
}

/** `a.b`; for an optional, the field of its value as an optional. */
export function selectField(operand: Run, field: string): Run {
  return frame => {
    const container = operand(frame);
    frame.meter.charge(1);
    frame.trace?.access(unwrap(container), field);
    return container instanceof Optional ? findIn(container, field) : read(container, field);
  };
}

/** `a.?b` */
export function selectOptional(operand: Run, field: string): Run {
  return frame => {
    const container = operand(frame);
    frame.meter.charge(1);
    frame.trace?.access(unwrap(container), field);
    return findIn(container, field);
  };
}

export function selectIndex(operand: Run, index: Run): Run {
  return frame => {
    const container = operand(frame);
    const key = index(frame);
    frame.meter.charge(1);
    frame.trace?.access(unwrap(container), key);
    return container instanceof Optional ? findIn(container, key) : read(container, key);
  };
}

/** `a[?b]` */
export function selectOptionalIndex(operand: Run, index: Run): Run {
  return frame => {
    const container = operand(frame);
    const key = index(frame);
    frame.meter.charge(1);
    frame.trace?.access(unwrap(container), key);
    return findIn(container, key);
  };
}

function findIn(container: Value, key: Value): Optional {
  const value = find(unwrap(container), key);
  return value === undefined ? Optional.none : new Optional(value);
}

/** The value of an optional; null for an empty one, since nothing can be found in null. */
function unwrap(value: Value): Value {
  return value instanceof Optional ? (value.value ?? null) : value;
}

/** `has(a.b)` */
export function hasField(operand: Run, field: string): Run {
  return frame => {
    const container = operand(frame);
    frame.trace?.access(unwrap(container), field);
    return find(unwrap(container), field) !== undefined;
  };
}

/** @throws EvaluationFailure for what can't be a key */
export function requireKey(value: Value): NonNullable<ReturnType<typeof mapKey>> {
  const key = mapKey(value);
  if (key === undefined) throw new EvaluationFailure(`unsupported key type: ${typeName(value)}`);
  return key;
}
