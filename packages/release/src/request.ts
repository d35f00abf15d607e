import type {
  Formation,
  Position,
  RecordedSecret,
  Release,
  Seal,
  Snapshot,
  StepStrategy,
} from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { Right } from './refusals/rights.ts';

/** Which formation a release belongs to. Application, formation and namespace together identify it in its cluster. */
export interface ReleaseIdentity {
  readonly application: string;
  readonly formation: string;
  readonly namespace: string;
  readonly destination?: string | undefined;
  /** `owner/name` of the repository that deploys; releases of other repositories are foreign owners. Empty outside a repository. */
  readonly repository: string;
}

/** One manifest of a release, as it was written. */
export interface ReleaseObject {
  readonly object: KubernetesObject;
  /** The position of one of its fields, by its RFC 6901 pointer, for messages. */
  readonly positionAt?: ((pointer: string) => Position) | undefined;
}

export type ConfigOrigin = Pick<Release, 'sharedRevisions' | 'set' | 'configFrom'>;

export type Allow = NonNullable<Formation['spec']['allow']>;

/** Everything that a release is made from. */
export interface ReleaseRequest {
  readonly identity: ReleaseIdentity;
  readonly objects: readonly ReleaseObject[];
  /** Fields of the objects that hold stand-ins for secrets. */
  readonly seals: readonly Seal[];
  readonly snapshot?: Snapshot | undefined;
  readonly deploymentTag?: string | undefined;
  readonly configRevision?: string | undefined;
  /** How stencils and config came about besides their commit, for the record. */
  readonly configOrigin?: ConfigOrigin | undefined;
  readonly digest?: string | undefined;
  readonly allow: Allow;
  readonly verify?: Release['verify'] | undefined;
  /** How it reaches its users in steps; undefined where it does not. */
  readonly strategy?: StepStrategy | undefined;
  /** The position of a field of the strategy, by its RFC 6901 pointer. */
  strategyAt?(pointer: string): Position | undefined;
  /** The rules in force, for the record. */
  readonly rules?: Release['policies'] | undefined;
  /** Rights that are needed beside those for its objects and records. */
  readonly rights?: readonly Right[] | undefined;
  /** The address of the API server that the formation names. */
  readonly server?: string | undefined;
  readonly prune: Release['prune'];
  readonly actor: string;
  readonly run: string;
  readonly reason: string;
  /** Take over objects of other owners. */
  readonly adopt: boolean;
  /** Take over fields of other managers. */
  readonly forceConflicts: boolean;
  readonly allowOlder: boolean;
  /** The release whose record the objects come from; they keep their names. Absent if they come from manifests. */
  readonly restores?: number | undefined;
  /** The open release in steps that is written on, or taken back; it is refused otherwise. */
  readonly continues?: number | undefined;
}

/** Returns a sealed Secret with its values. */
export type Unseal = (secret: KubernetesObject) => KubernetesObject;

/** Secrets that were opened for a release. */
export interface OpenedSecrets {
  readonly unseal: Unseal;
  /** Which version of each was read, for the record. */
  readonly versions: readonly RecordedSecret[];
}

/** How a ConfigMap or Secret of a release is named, and which workloads use it. */
export interface Naming {
  /** Why it keeps its name; absent if it is named by its content. */
  readonly fixed?: string;
  /** Workloads whose pod templates refer to it, such as `Deployment api`. */
  readonly users: readonly string[];
}

/** One manifest as it will be in the cluster: in its namespace, and under the name of its content if it is named by it. */
export interface ResolvedObject extends ReleaseObject {
  readonly source: KubernetesObject;
  /** Present for ConfigMaps and Secrets. */
  readonly naming?: Naming | undefined;
}
