import {
  defined,
  isJsonObject,
  isPullNumber,
  isSpawnKey,
  type JsonObject,
  parseJsonIfAny,
  spawnedName,
  textMap,
} from '@slipway/core';
import {
  APPLICATION,
  annotationOf,
  FORMATION,
  type KubernetesObject,
  type ObjectReference,
  ROOM,
  SPAWNED_FROM,
} from '@slipway/kubernetes';
import { roomName } from '../names.ts';
import type { RecordOwner } from '../records/records.ts';

/** For whom there is room for an instance of a spawned formation, and until when. */
export interface RoomTerms {
  readonly application: string;
  /** The formation that it is an instance of. */
  readonly from: string;
  readonly key: string;
  readonly namespace: string;
  readonly destination: string;
  /** The host's name of the environment in which it is shown. */
  readonly environment: string;
  /** `owner/name`. */
  readonly repository: string;
  /** The host's number of the repository, which stays when it is renamed; absent where it is not known. */
  readonly repositoryId?: number;
  /** The number of the pull request; absent for a branch. */
  readonly pull?: number;
  readonly expires: Date;
  /** Where people open it. */
  readonly url?: string;
  /** Whether a run has begun to remove it. */
  readonly isEnding?: true;
}

/** What an instance begins with and ends with: a Lease that is there as long as anything of it may be. */
export interface Room extends RoomTerms {
  /** The name of the instance. */
  readonly formation: string;
  readonly created: Date;
  readonly lease: KubernetesObject;
}

export function instanceOwner({
  application,
  from,
  key,
  namespace,
}: Pick<RoomTerms, 'application' | 'from' | 'key' | 'namespace'>): RecordOwner {
  return { application, formation: spawnedName(from, key), namespace };
}

export function roomReference(owner: RecordOwner): ObjectReference & { readonly namespace: string } {
  const { namespace } = owner;
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name: roomName(owner) };
}

/** The metadata of the Lease. */
export function roomMetadata(terms: RoomTerms): KubernetesObject['metadata'] {
  const { application, from, key, destination, environment, repository } = terms;
  const { repositoryId, pull, expires, url, isEnding } = terms;
  const owner = instanceOwner(terms);
  const said: JsonObject = {
    ...{ key, destination, environment, repository },
    ...defined({ repositoryId, pull }),
    ...{ expires: expires.toISOString() },
    ...defined({ url, isEnding }),
  };
  return {
    name: roomName(owner),
    namespace: owner.namespace,
    labels: { [APPLICATION]: application, [FORMATION]: owner.formation, [SPAWNED_FROM]: from },
    annotations: { [ROOM]: JSON.stringify(said) },
  };
}

/** The room that a Lease keeps; undefined if it does not say for whom, or says another thing in its name or its labels. */
export function parseRoom(lease: KubernetesObject): Room | undefined {
  const labels = textMap(lease.metadata['labels'] ?? null);
  const [application, formation, from] = [labels[APPLICATION], labels[FORMATION], labels[SPAWNED_FROM]];
  const said = parseJsonIfAny(annotationOf(lease, ROOM) ?? '');
  if (application === undefined || from === undefined || !isJsonObject(said)) return undefined;
  const namespace = String(lease.metadata['namespace'] ?? '');
  const terms = termsOf(said, { application, from, namespace });
  const created = new Date(String(lease.metadata['creationTimestamp'] ?? ''));
  if (terms === undefined || Number.isNaN(created.getTime())) return undefined;
  const owner = instanceOwner(terms);
  if (owner.formation !== formation || lease.metadata.name !== roomName(owner)) return undefined;
  return { ...terms, formation, created, lease };
}

function termsOf(
  said: JsonObject,
  whose: Pick<RoomTerms, 'application' | 'from' | 'namespace'>,
): RoomTerms | undefined {
  const { key, destination, environment, repository, repositoryId, pull, expires, url, isEnding } = said;
  const end = new Date(typeof expires === 'string' ? expires : Number.NaN);
  const texts = [key, destination, environment, repository].every(text => typeof text === 'string');
  if (!texts || Number.isNaN(end.getTime()) || !isSpawnKey(String(key), whose.from)) return undefined;
  // A key that is a number is that of its pull request: a room that names another one would end with that.
  const own = isPullNumber(String(key)) ? Number(key) : undefined;
  if (pull !== own) return undefined;
  return {
    ...whose,
    ...{ key: String(key), destination: String(destination), environment: String(environment) },
    ...{ repository: String(repository), expires: end },
    ...defined({
      repositoryId: typeof repositoryId === 'number' ? repositoryId : undefined,
      pull: own,
      url: typeof url === 'string' ? url : undefined,
      isEnding: isEnding === true ? (true as const) : undefined,
    }),
  };
}
