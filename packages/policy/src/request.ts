import type { Finding, Position, SourceDocument } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/** One object to check. A manifest read by `@slipway/render` is one; `deploy` adds what the cluster said about it. */
export interface CheckedObject {
  /** As it was written: this is what schemas and findings' places are about. */
  readonly object: KubernetesObject;
  /** As admission sees it, where the cluster gave it (a dry run's answer); else defaults are filled in here. */
  readonly admitted?: KubernetesObject;
  /** As it is in the cluster or was in the base: policies get it as `oldObject` and the operation is UPDATE. */
  readonly old?: KubernetesObject;
  /** Where the value at an RFC 6901 pointer was written; a pointer that leads nowhere gives its nearest parent. */
  placeOf?(pointer: string): Position;
  /** The config entries that filled that place. */
  relatedTo?(pointer: string): readonly { readonly address: string; readonly at: Position }[];
}

export interface CheckRequest {
  readonly objects: readonly CheckedObject[];
  /** ValidatingAdmissionPolicies, their bindings and everything else beside them (parameters, CustomResourceDefinitions). */
  readonly policies: readonly SourceDocument[];
  /** Built-in packs by name, such as `pod-security/restricted`. */
  readonly packs: readonly string[];
  /** `1.34`; a patch version behind it is ignored. */
  readonly kubernetesVersion: string;
  /** Where objects without a namespace of their own go. */
  readonly namespace: string;
  /** Live Namespaces, for `namespaceObject` and namespace selectors; those among the objects count too. */
  readonly namespaces?: readonly KubernetesObject[];
  /** CustomResourceDefinitions beyond those among the objects and policies. */
  readonly customResources?: readonly KubernetesObject[];
  /** The severity of a verdict that depends on what only a cluster knows. `warning` by default; `deploy` says `error`. */
  readonly undecided?: 'error' | 'warning';
  /** For the findings: what was checked. */
  readonly formation?: string;
  readonly destination?: string;
  /** Waivers beyond those among the policies. */
  readonly waivers?: readonly SourceDocument[];
  /** Waivers end. Without it none is taken into account, which a warning says of each. */
  readonly now?: Date;
  readonly signal?: AbortSignal;
}

/** Findings in the order of the objects; `sortFindings` of core sorts them for people. */
export type CheckResult = readonly Finding[];
