import type { ApiResource, ClusterClient } from '@slipway/cluster';
import type { PlannedChange, Release, Seal, SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { NamingContext } from '../content/name-by-content.ts';
import type { FieldChange } from '../objects/diff.ts';
import type { Right } from '../refusals/rights.ts';
import type { Naming, ReleaseObject, ReleaseRequest, Unseal } from '../request.ts';

/** One object of a release beside what the cluster has. */
export interface PreparedObject {
  /** As it was given. */
  readonly source: KubernetesObject;
  /** As it is recorded: in its namespace, a Job under its content's name, with stand-ins where secrets go. */
  readonly object: KubernetesObject;
  readonly at?: ReleaseObject['at'];
  readonly placeOf?: ReleaseObject['placeOf'];
  readonly action: PlannedChange['action'];
  readonly live?: KubernetesObject | undefined;
  /** The server's own answer to the dry run, or the live object where nothing changes. Absent where neither could be had. */
  readonly answer?: KubernetesObject | undefined;
  readonly fields: readonly FieldChange[];
  readonly note?: string | undefined;
  readonly sealed: boolean;
  /** Whether it was compared without the server's dry run. */
  readonly merged?: boolean | undefined;
  /** Whether the release takes it over from somebody else. */
  readonly adopted?: boolean | undefined;
  /** Whether somebody else made it, and nobody adopted it. */
  readonly existedBefore?: boolean | undefined;
  /** Of a ConfigMap or Secret. */
  readonly naming?: Naming | undefined;
  /** The live version under another name whose place it takes. */
  readonly before?: KubernetesObject | undefined;
}

export interface CompareContext {
  readonly client: ClusterClient;
  readonly request: ReleaseRequest;
  readonly set: string;
  readonly members: ReadonlyMap<string, KubernetesObject>;
  readonly versionOf: NamingContext['versionOf'];
  /** The record of the newest release. */
  readonly previous: Release | undefined;
  /** What that release applied, by key. */
  readonly applied: ReadonlyMap<string, KubernetesObject>;
  /** Jobs that have run, by content. */
  readonly jobs: Readonly<Record<string, string>>;
  readonly unseal: Unseal | undefined;
  /** Rights that the credentials lack. */
  readonly missing: readonly Right[];
  readonly resources: ReadonlyMap<string, ApiResource>;
  /** What is wrong with kinds whose API does not answer. */
  readonly down: ReadonlyMap<string, SlipwayError>;
  readonly seals: ReadonlyMap<string, readonly Seal[]>;
  /** Workloads whose replicas an autoscaler sets. */
  readonly targets: ReadonlySet<string>;
  /** Definitions of the release, which bring the kind of others. */
  readonly definitions: readonly KubernetesObject[];
  /** Names of the Namespaces that the release brings. */
  readonly namespaces: ReadonlySet<string>;
}

/** What comparing finds out about one object. */
export type Compared = Pick<PreparedObject, 'action' | 'live' | 'answer' | 'note' | 'merged' | 'adopted'> & {
  readonly fields?: FieldChange[];
};
