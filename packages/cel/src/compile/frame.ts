import type { CelType } from '../types/types.ts';
import type { Meter } from '../values/meter.ts';
import type { Value } from '../values/values.ts';

/** Records what an evaluation reads, to find out what a failed one is about. */
export interface Trace {
  /** A key or index was read, or looked for, in a map or list. */
  access(container: Value, key: Value): void;
  /** What comes next is about this value as a whole. */
  settle(value: Value): void;
}

/** One evaluation. */
export interface Frame {
  readonly meter: Meter;
  /** What the names of the expression stand for; reading one that only a cluster knows throws `Undecided`. */
  readonly names: Readonly<Record<string, Value>>;
  /** The variables of comprehensions. */
  readonly locals: Value[];
  readonly trace?: Trace;
}

export type Run = (frame: Frame) => Value;

/** An expression whose type is known and that can be evaluated. */
export interface Typed {
  readonly type: CelType;
  /** The types of the items of a list literal. */
  readonly items?: readonly CelType[];
  readonly run: Run;
}
