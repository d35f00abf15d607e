import type { ChosenPack, Formation, PlannedRelease, SpawnBlock, Strategy } from '@slipway/core';
import type { Allow, ReleaseRequest } from '@slipway/release';
import type { ConfigChoice, SpawnFor } from '@slipway/render';
import type { SecretAllowance, SecretValues, StoreSettings } from '@slipway/secrets';

/** Which formation is meant, as far as the caller says; what is empty is found out. */
export interface FormationChoice {
  /** Path of slipway.yaml, or the application's name for plain manifests. */
  readonly application: string;
  readonly formation: string;
  /** One destination, or none where the formation has one only. */
  readonly destinations: readonly string[];
  /** Must be the destination's where a formation declares it. */
  readonly namespace: string;
  /** The kubeconfig's context; empty for the destination's. */
  readonly context: string;
  /** Used in place of `spec.registry` of slipway.yaml; empty for none. */
  readonly registry?: string;
  /** Absent for a formation itself. */
  readonly spawn?: SpawnChoice | undefined;
}

/** For which pull request or branch an instance of a spawned formation is meant. */
export interface SpawnChoice {
  readonly what: SpawnFor;
  /**
   * The block that counts in place of the one that is checked out, such as that of the base commit; it throws where there is none, or
   * where the formation that is checked out goes elsewhere.
   */
  readonly blockOf?: ((formation: string, own: Formation) => SpawnBlock) | undefined;
}

/** What is to be delivered. Paths are relative to the workspace unless they are absolute. */
export interface ManifestsChoice extends FormationChoice {
  /** A rendered tree, or files, folders and globs of plain manifests. */
  readonly manifests: readonly string[];
  /** The digest that a rendered tree must have; empty if it is not compared. */
  readonly digest: string;
  /** Used in place of `spec.registry` of slipway.yaml; empty for none. */
  readonly registry: string;
  /** What plain manifests may touch outside of their namespace; a formation has its own. */
  readonly allow: Allow;
  /** Whether snapshots must carry a MAC of the record key. */
  readonly signed: boolean;
  /** How plain manifests reach their users; for a rendered tree only `none`, in place of the steps of its formation. */
  readonly strategy?: Strategy;
  /** The commit of stencils and config that a rendered tree must have; empty if it is not compared. */
  readonly configRevision: string;
}

/** Rules besides those of the application. */
export interface AddedRules {
  readonly policies: readonly string[];
  readonly packs: readonly ChosenPack[];
  /** Files with waivers. */
  readonly waivers: readonly string[];
  /** Files with CustomResourceDefinitions. */
  readonly crds: readonly string[];
}

/** What is removed of a spawned formation: the instances that are expired, or whose pull request is closed. */
export interface SweepRequest extends FormationChoice {
  /** `<application>/<formation>`, where more is removed than a sweep does by itself; else empty. */
  readonly confirm: string;
  readonly reason: string;
  /** Milliseconds. */
  readonly lockTimeout: number;
}

/** For which instance the namespace is made. */
export interface RoomRequest extends FormationChoice {
  /** The head of the pull request of the run, which must not be what is checked out; absent for a run of none. */
  readonly head?: { readonly pull: number; readonly commit: string };
  /** Milliseconds. */
  readonly lockTimeout: number;
}

/** What a secret may be read from. */
export interface SecretAccess {
  readonly allowances: readonly SecretAllowance[];
  readonly settings: StoreSettings;
  /** Variables besides those of the step's environment, for its stores only. */
  readonly values: SecretValues;
}

export interface PlanManifestsRequest extends ManifestsChoice, AddedRules {
  readonly options: ReleaseOptions;
  /** Whose stencils and config a promotion has, if it is said. */
  readonly config?: ConfigChoice;
  /** Whether a promotion may take back a change of the configuration that is live. */
  readonly allowOlderConfig: boolean;
  readonly reason: string;
}

/** How a release treats what is in the cluster already. */
export type ReleaseOptions = Pick<ReleaseRequest, 'prune' | 'adopt' | 'forceConflicts' | 'allowOlder'>;

export interface ApplyManifestsRequest extends PlanManifestsRequest {
  /** The newest release when this was planned; absent if that is not compared. */
  readonly plannedFrom?: PlannedRelease;
  /** What the plan was of, `production/eu`; absent if that is not said. */
  readonly plannedTarget?: string;
  /** Whether what the plan that was made then does not have is refused. */
  readonly strictPlan: boolean;
  readonly secrets: SecretAccess;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds. */
  readonly lockTimeout: number;
}

export interface CompareManifestsRequest extends ManifestsChoice {
  /** A rendered tree, or plain manifests. */
  readonly against: string;
}

export interface RollBackRequest extends FormationChoice, AddedRules {
  /** A release by number or deployment tag; empty for the previous one. */
  readonly to: string;
  /** For secrets that a rollback reads from their stores, and to compare versions of the others. */
  readonly secrets: SecretAccess;
  readonly forceConflicts: boolean;
  readonly reason: string;
  /** When the hold ends that the rollback sets. */
  readonly until: HoldEnd;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds. */
  readonly lockTimeout: number;
}

/** When a hold ends: at a time, or milliseconds after it was set; undefined for one that has to be lifted. */
export type HoldEnd = { readonly at: Date } | { readonly after: number } | undefined;

export interface HoldRequest extends FormationChoice {
  readonly reason: string;
  readonly until: HoldEnd;
}

export type LiftHoldRequest = FormationChoice;

export interface DestroyRequest extends FormationChoice {
  /** `<application>/<formation>`, which must be the formation that was found. */
  readonly confirm: string;
  readonly reason: string;
  /** Milliseconds. */
  readonly lockTimeout: number;
}

export interface ForgetRequest extends FormationChoice {
  /** The secret whose old copies are to be removed, as the stencils name it, without `secret.` in front. */
  readonly word: string;
  /** `<application>/<formation>`, which must be the formation that was found. */
  readonly confirm: string;
  /** Milliseconds. */
  readonly lockTimeout: number;
}

export interface ListReleasesRequest extends FormationChoice {
  /** Releases by number or deployment tag to compare; both empty for no comparison, one empty for the newest. */
  readonly from: string;
  readonly to: string;
}
