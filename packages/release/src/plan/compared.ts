import type { ApiResource, ClusterClient } from '@slipway/cluster';
import type { JsonObject, PlannedChange, RecordedObject, Release, Seal, SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { asStored } from '@slipway/policy';
import type { NamingContext } from '../content/name-by-content.ts';
import { fieldManager } from '../names.ts';
import type { ReplicasByKey } from '../objects/autoscaling.ts';
import type { FieldChange } from '../objects/diff.ts';
import { withStoredLists } from '../objects/stored-lists.ts';
import type { Ours } from '../refusals/owners.ts';
import type { Right } from '../refusals/rights.ts';
import type { Naming, ReleaseObject, ReleaseRequest, Unseal } from '../request.ts';

/** One object of a release, compared with the cluster. */
export interface PreparedObject {
  /** As it was written. */
  readonly source: KubernetesObject;
  /** As it is recorded: in its namespace, Jobs under the name of their content, with stand-ins for secrets. */
  readonly object: KubernetesObject;
  readonly positionAt?: ReleaseObject['positionAt'];
  readonly action: PlannedChange['action'];
  readonly live?: KubernetesObject | undefined;
  /** The server's answer to the dry run, or the live object if nothing changes. Absent if there is neither. */
  readonly answer?: KubernetesObject | undefined;
  readonly fields: readonly FieldChange[];
  readonly note?: string | undefined;
  readonly sealed: boolean;
  /** Whether the credentials may not read it, so that it was not compared. */
  readonly unread?: boolean | undefined;
  /** Whether it was compared without the server's dry run. */
  readonly merged?: boolean | undefined;
  /** Whether the release takes it over from another owner. */
  readonly adopted?: boolean | undefined;
  /** Whether someone else created it and it was never adopted. */
  readonly existedBefore?: boolean | undefined;
  /** Present for ConfigMaps and Secrets. */
  readonly naming?: Naming | undefined;
  /** The live object that is being deleted, and must be gone before this one is created. */
  readonly terminating?: KubernetesObject | undefined;
  /** The live version under another name that it replaces. */
  readonly before?: KubernetesObject | undefined;
}

export interface CompareContext {
  readonly client: ClusterClient;
  readonly request: ReleaseRequest;
  readonly set: string;
  readonly members: ReadonlyMap<string, KubernetesObject>;
  readonly versionOf: NamingContext['versionOf'];
  /** The record of the live release. */
  readonly previous: Release | undefined;
  /** The objects of that record. */
  readonly recorded: {
    /** The UIDs of those of the release itself, by key. */
    readonly uidOf: ReadonlyMap<string, string | undefined>;
    /** Those, and the ones that left it, by UID. */
    readonly byUid: ReadonlyMap<string, RecordedObject>;
  };
  /** The record of the newest release, which may be open in steps. */
  readonly newest: Release | undefined;
  /** What that release applied, by key. */
  readonly applied: ReadonlyMap<string, KubernetesObject>;
  /** Jobs that have run, by content. */
  readonly jobs: Readonly<Record<string, string>>;
  readonly unseal: Unseal | undefined;
  /** Rights that the credentials lack. */
  readonly missing: readonly Right[];
  readonly resources: ReadonlyMap<string, ApiResource>;
  /** Errors of kinds whose API does not answer. */
  readonly down: ReadonlyMap<string, SlipwayError>;
  readonly seals: ReadonlyMap<string, readonly Seal[]>;
  readonly replicas: ReplicasByKey;
  /** The OpenAPI documents of API versions that were asked for. */
  readonly descriptions: Map<string, Promise<JsonObject | undefined>>;
  /** CustomResourceDefinitions of the release. */
  readonly definitions: readonly KubernetesObject[];
  /** Names of the Namespaces of the release. */
  readonly namespaces: ReadonlySet<string>;
}

export function oursOf({ set, request }: CompareContext): Ours {
  return { set, manager: fieldManager(request.identity) };
}

/** What is applied, with the defaults that the server fills into lists that are replaced as a whole. */
export function storedBody({ client }: CompareContext, body: KubernetesObject): KubernetesObject {
  return withStoredLists(body, asStored(body, client.kubernetesVersion));
}

/** What comparing one object found out. */
export type Compared = Pick<
  PreparedObject,
  'action' | 'live' | 'answer' | 'note' | 'merged' | 'adopted' | 'terminating'
> & {
  readonly fields?: FieldChange[];
};
