import type { PackLevel, SourceDocument } from '@slipway/core';
import type { BindingSpec, PolicySpec } from '../resources/types.ts';
import type { CompiledPolicy } from './compile-policy.ts';

/** A policy with its bindings. */
export interface BoundPolicy {
  readonly name: string;
  readonly spec: PolicySpec;
  /** The prefix of its findings' rules: `workloads/fixed-tags`, or the name of a user's policy. */
  readonly rule: string;
  readonly fix?: string;
  /** That of its built-in pack; absent for a policy of the user's. */
  readonly level?: PackLevel;
  readonly bindings: readonly Binding[];
  /** Undefined for a built-in pack, whose files are not in the repository. */
  readonly document?: SourceDocument;
  /** A policy of a pack is compiled when the first object comes that it is about. */
  compiled(): CompiledPolicy;
}

export interface Binding {
  readonly name: string;
  readonly spec: BindingSpec;
  /** Who may sign off, from the annotation `slipway.dev/sign-off`. */
  readonly signOff?: readonly string[];
}
