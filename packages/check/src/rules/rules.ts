import type { ChosenPack, Formation, SourceDocument } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

type Blocks = Formation['spec'];

/** The rules of a check: everything that someone could change to let an object pass. */
export interface Rules {
  /** Policies, bindings, parameters and waivers of the application, and other documents in the same files. */
  readonly policies: readonly SourceDocument[];
  /** Waivers that the inputs name. */
  readonly waivers: readonly SourceDocument[];
  /** CustomResourceDefinitions. */
  readonly definitions: readonly SourceDocument[];
  readonly packs: readonly ChosenPack[];
  readonly allow?: Blocks['allow'];
  /** Namespaces whose labels count, whatever the manifests say. */
  readonly namespaces: readonly KubernetesObject[];
}

/** The rules for a rendered target or for plain manifests. */
export interface RulesInForce {
  /** Those of the checkout. */
  readonly own: Rules;
  /** Those of the base commit, which a pull request cannot loosen; absent where only the checkout's apply. */
  readonly base?: Rules;
}
