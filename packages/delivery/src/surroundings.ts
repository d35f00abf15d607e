import type { ClusterClient } from '@slipway/cluster';
import type { Clock, Exec, Logger } from '@slipway/core';
import type { RegistryClient } from '@slipway/registry';
import type { ChangedCommits, ReleasedFiles } from '@slipway/render';

/** Which run delivers, for records and plans; fields are empty outside of CI. */
export interface Run {
  /** `owner/name`. */
  readonly repository: string;
  /** Who started it. */
  readonly actor: string;
  /** The page of the run. */
  readonly url: string;
  /** The host of the repository, such as `https://github.com`; absent outside of CI. */
  readonly server?: string | undefined;
}

/** What a delivery runs with: the machine, the clock, and what only the caller can open. */
export interface DeliverySurroundings {
  /** Absolute; relative paths of a request start here. */
  readonly workspace: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  readonly exec: Exec;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Called with every secret before it is used. */
  readonly mask: (secret: string) => void;
  /** The job's identity token for an audience, for stores that trust it. */
  readonly idToken: (audience: string) => Promise<string>;
  /** @throws SlipwayError of packages/cluster */
  openCluster(destination: ClusterDestination): Promise<ClusterClient>;
  openRegistry(): Promise<RegistryClient>;
  /** The commits of the checkout that has the application. */
  readonly commits: DeliveryHistory;
  /** The files of its other commits, and of other checkouts in the workspace. */
  readonly earlier: Pick<ReleasedFiles, 'openCommit' | 'otherCheckouts'>;
  /** Whether something looks at releases of a formation that wait for time; absent where nothing can tell. */
  readonly scheduledLook?: (wanted: LookedAt) => Promise<ScheduledLook>;
  /** Absolute; for tools that render. */
  readonly temporaryDirectory: string;
}

/** Whose open releases are to be looked at. */
export interface LookedAt {
  readonly application: string;
  /** The path of slipway.yaml; undefined for plain manifests of a name. */
  readonly path: string | undefined;
  readonly formation: string;
}

/** Whether a workflow with a schedule looks at them. */
export type ScheduledLook =
  | { readonly is: 'there' }
  | { readonly is: 'missing' /** Workflows that look at others. */; readonly others: readonly string[] }
  | { readonly is: 'unknown'; readonly why: string };

/** The history of the checkout that has the application. */
export interface DeliveryHistory {
  /** The commit that is checked out; undefined outside of a checkout. */
  head(): Promise<string | undefined>;
  /** Whether a commit is `head` or before it in its history; undefined if that cannot be told. @param head by default what is checked out */
  isContained(commit: string, head?: string): Promise<boolean | undefined>;
  /** What a commit has and another one does not have; undefined if that cannot be told. */
  takenBack(commit: string, other: string): Promise<ChangedCommits | undefined>;
  /** The history of the second checkout that has a file or folder of the workspace, whose lines are meant. */
  shared(path: string): SharedHistory;
}

/** The history of a second checkout, from which shared folders, charts or Kustomize directories come. */
export interface SharedHistory {
  /** Whether a commit is `head` or before it in its history; undefined if that cannot be told. */
  isContained(commit: string, head: string): Promise<boolean | undefined>;
  /** As that of `DeliveryHistory`, with paths in the workspace. */
  takenBack(commit: string, other: string): Promise<ChangedCommits | undefined>;
}

/** What is known of the destination that a cluster is opened for. */
export interface ClusterDestination {
  /** The destination's name; undefined for plain manifests without one. */
  readonly name: string | undefined;
  /** The context that the formation names; empty without one. */
  readonly context: string;
}
