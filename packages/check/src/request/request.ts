import type { ChosenPack } from '@slipway/core';
import type { SpawnFor } from '@slipway/render';

/** What to check, and by which rules. Paths are relative to the workspace unless they are absolute. */
export interface CheckManifestsRequest {
  /** Rendered trees, or plain files, folders and globs. */
  readonly manifests: readonly string[];
  /** Path of slipway.yaml; the policies of a rendered tree are found beside it. */
  readonly application: string;
  /** Formations of a rendered tree; none for all. */
  readonly formations: readonly string[];
  /** For what a formation of a rendered tree is spawned; absent where none is. */
  readonly spawn?: SpawnFor;
  /** Destinations of these formations; none for all. */
  readonly destinations: readonly string[];
  /** Files with policies, beside those of the application. */
  readonly policies: readonly string[];
  /** Built-in packs, beside those of the formation. Absent, plain manifests are checked by DEFAULT_PACKS, which only warn. */
  readonly packs?: readonly ChosenPack[];
  /** The namespace of plain manifests that do not name one. */
  readonly namespace: string;
  /** `1.34`; by default the formation's, else the newest that Slipway knows. */
  readonly kubernetesVersion?: string;
  /** Files with CustomResourceDefinitions, beside those among manifests and stencils. */
  readonly crds: readonly string[];
  /** Files with waivers, beside those among the policies. */
  readonly waivers: readonly string[];
  readonly baseline: BaselineChoice;
  /** The commit whose rules apply until this change is merged; absent where only the checkout's apply, as on a push. */
  readonly base?: BaseCommit | undefined;
  /** The least severity that makes a report's verdict `failed`. */
  readonly failOn: 'error' | 'warning';
}

/** What change policies compare objects with. */
export type BaselineChoice =
  /** The base commit, where there is one. */
  | { readonly kind: 'base' }
  | { readonly kind: 'none' }
  /** The objects in the cluster; an empty context is that of the destination. */
  | { readonly kind: 'cluster'; readonly kubeconfig: string; readonly context: string }
  /** A rendered tree or plain manifests at a path, or a revision of Git where there is no such path. */
  | { readonly kind: 'path-or-revision'; readonly name: string };

/** The commit that a pull request or a merge group would be merged into. */
export type BaseCommit = (
  | { readonly kind: 'commit'; readonly commit: string }
  /** The first parent of the merge commit where that is checked out, else another commit. */
  | { readonly kind: 'first-parent'; readonly merge: string; readonly otherwise: string }
) & {
  /** The name of the branch that has it, which may have moved on. */
  readonly branch?: string;
};
