import type { Formation, Position, Release, Seal, Snapshot } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/** Whose release it is. Application, formation and namespace together name it in its cluster. */
export interface ReleaseIdentity {
  readonly application: string;
  readonly formation: string;
  readonly namespace: string;
  readonly destination?: string | undefined;
  /** `owner/name` of the repository that deploys; another repository's release is a foreign owner. Empty outside of one. */
  readonly repository: string;
}

/** One manifest of a release, as it was given. */
export interface ReleaseObject {
  readonly object: KubernetesObject;
  /** Where it was written, for messages. */
  readonly at?: Position | undefined;
  /** The same for one field of it, by its RFC 6901 pointer. */
  placeOf?(pointer: string): Position;
}

export type Allow = NonNullable<Formation['spec']['allow']>;

/** All that a release is made from. */
export interface ReleaseRequest {
  readonly identity: ReleaseIdentity;
  readonly objects: readonly ReleaseObject[];
  /** Places of stand-ins in the objects. */
  readonly seals: readonly Seal[];
  readonly snapshot?: Snapshot | undefined;
  readonly deploymentTag?: string | undefined;
  readonly configRevision?: string | undefined;
  readonly digest?: string | undefined;
  readonly allow: Allow;
  readonly verify?: Release['verify'] | undefined;
  /** What holds for it, for the record. */
  readonly rules?: Release['policies'] | undefined;
  /** The API server that the formation wants, as its kubeconfig names it. */
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
  /** The release whose recorded objects these are: they keep the names that they have. Absent for manifests. */
  readonly restores?: number | undefined;
}

/** Gives a sealed Secret its values. */
export type Unseal = (secret: KubernetesObject) => KubernetesObject;

/** How a ConfigMap or Secret of a release gets its name, and whose pods it is for. */
export interface Naming {
  /** Why it keeps its name; absent where it is named by its content. */
  readonly fixed?: string;
  /** Workloads whose pod templates refer to it, as people say them. */
  readonly users: readonly string[];
}

/** One manifest as it will stand in the cluster: in its namespace, what is named by its content under that name. */
export interface ResolvedObject extends ReleaseObject {
  readonly source: KubernetesObject;
  /** Of a ConfigMap or Secret. */
  readonly naming?: Naming | undefined;
}
