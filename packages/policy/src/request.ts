import type { ChosenPack, Finding, Position, SourceDocument } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';

/** One object to check. A manifest read by `@slipway/render` is one; `deploy` adds what the cluster said about it. */
export interface CheckedObject {
  /** The object as it was written: schemas and the positions of findings refer to it. */
  readonly object: KubernetesObject;
  /** What identifies the object, where that is known without reading all of it. */
  readonly reference?: ObjectReference;
  /** The object as admission sees it, if the cluster returned it (from a dry run); otherwise defaults are filled in here. */
  readonly admitted?: KubernetesObject;
  /** The object in the cluster or in the base: policies see it as `oldObject`, and the operation is UPDATE. */
  readonly old?: KubernetesObject;
  /** The position of the value at an RFC 6901 pointer, or of its nearest parent if there is no value. */
  positionAt?(pointer: string): Position;
  /** The config entries that the value was filled from. */
  relatedTo?(pointer: string): readonly { readonly address: string; readonly at: Position }[];
}

export interface CheckRequest {
  readonly objects: readonly CheckedObject[];
  /** ValidatingAdmissionPolicies, their bindings and everything else beside them (parameters, CustomResourceDefinitions). */
  readonly policies: readonly SourceDocument[];
  /** Built-in packs, such as `pod-security/restricted`. */
  readonly packs: readonly ChosenPack[];
  /**
   * All objects as they were before, with which packs of the level `new` compare: what these have too is a warning. Without them that
   * level is the same as `warn`.
   */
  readonly before?: readonly KubernetesObject[];
  /** `1.34`; a patch version is ignored. */
  readonly kubernetesVersion: string;
  /** The namespace of objects that do not name one. */
  readonly namespace: string;
  /** Live Namespaces, for `namespaceObject` and namespace selectors; those among the objects count too. */
  readonly namespaces?: readonly KubernetesObject[];
  /** CustomResourceDefinitions beyond those among the objects and policies. */
  readonly customResources?: readonly KubernetesObject[];
  /** The severity of a verdict that depends on what only a cluster knows. `warning` by default; `deploy` says `error`. */
  readonly undecided?: 'error' | 'warning';
  /** What was checked, for the findings. */
  readonly formation?: string;
  readonly destination?: string;
  /** Waivers beyond those among the policies. */
  readonly waivers?: readonly SourceDocument[];
  /** The day on which waivers are judged. Without it none is applied, and each results in a warning. */
  readonly now?: Date;
  readonly signal?: AbortSignal;
}

/** Findings in the order of the objects; `sortFindings` in core sorts them for people. */
export type CheckResult = readonly Finding[];
