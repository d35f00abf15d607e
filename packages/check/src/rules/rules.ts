import type { Formation, KubernetesObject, SourceDocument } from '@slipway/core';

type Blocks = Formation['spec'];

/** What a check is held against: all that somebody could change to let something pass. */
export interface Rules {
  /** Policies, bindings, parameters and waivers of the application, and what lies beside them. */
  readonly policies: readonly SourceDocument[];
  /** Waivers that the inputs name. */
  readonly waivers: readonly SourceDocument[];
  /** CustomResourceDefinitions. */
  readonly definitions: readonly SourceDocument[];
  readonly packs: readonly string[];
  readonly allow?: Blocks['allow'];
  /** Namespaces whose labels count, whatever the manifests say of them. */
  readonly namespaces: readonly KubernetesObject[];
}

/** The rules of a rendered destination or of plain manifests. */
export interface RulesInForce {
  /** Of the checkout. */
  readonly own: Rules;
  /** Of the base commit, which nobody can loosen by a pull request; absent where only the checkout's count. */
  readonly base?: Rules;
}
