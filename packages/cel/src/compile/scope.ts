import type { CelType } from '../types/types.ts';

export interface Local {
  readonly type: CelType;
  readonly slot: number;
}

/** What an expression may use. */
export interface Declarations {
  readonly names: ReadonlyMap<string, CelType>;
  /** The minor version of Kubernetes, which decides what functions and macros there are; `Infinity` for all of them. */
  readonly minor: number;
}

export interface Scope {
  readonly declarations: Declarations;
  readonly locals: ReadonlyMap<string, Local>;
  /** Whether literals may mix types, as the arguments of `format` may. */
  readonly mixed?: boolean;
  /** Shared by all scopes of one expression. */
  readonly slots: { count: number };
}

export function openScope(declarations: Declarations): Scope {
  return { declarations, locals: new Map(), slots: { count: 0 } };
}

/** A scope in which a name refers to a new local variable. */
export function withLocal(scope: Scope, name: string, type: CelType): { scope: Scope; slot: number } {
  const slot = scope.slots.count;
  scope.slots.count += 1;
  return { scope: { ...scope, locals: new Map([...scope.locals, [name, { type, slot }]]) }, slot };
}
