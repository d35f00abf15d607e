import type { Fault } from './keywords.ts';
import type { Position, Schema, SchemaError } from './schema-error.ts';

/** Whether all faults are reported: what a machine wrote can have more of them than there is memory for. */
export type Extent = 'all' | 'first';

/** What a keyword is given to judge what is below it, and to report its faults. */
export interface Judging {
  /** Whether no further fault is wanted. */
  readonly areEnough: boolean;
  add(position: Position, keyword: string, fault: NonNullable<Fault>): void;
  /** What another schema found, and the error that sums it up. */
  addAll(position: Position, keyword: string, found: readonly SchemaError[], fault: NonNullable<Fault>): void;
  /** Judges another position as part of this one. */
  judge(position: Position): void;
  /** What is wrong with another position, which is not reported by that alone. */
  separately(position: Position): readonly SchemaError[];
  /** Whether nothing is wrong with another position. */
  holds(position: Position): boolean;
}

export type Keyword = (position: Position, judging: Judging) => void;

/** The same value by another schema. */
export function same(parent: Position, schema: Schema, within: string): Position {
  return { schema, data: parent.data, parent, key: undefined, within };
}

export function below(
  parent: Position,
  schema: Schema,
  within: string,
  key: string | number,
  data: unknown,
): Position {
  return { schema, data, parent, key, within };
}
