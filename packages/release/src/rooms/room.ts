import {
  defined,
  isJsonObject,
  isPullNumber,
  isSpawnKey,
  type JsonObject,
  parseJsonIfAny,
  type SpawnBlock,
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
  /** Where the repository is, as an address; only on a namespace, which several hosts could mark. */
  readonly server?: string;
}

/** What an instance begins with and ends with: a Lease, or a namespace of its own, that is there as long as anything of it may be. */
export interface Room extends RoomTerms {
  /** The name of the instance. */
  readonly formation: string;
  readonly created: Date;
  /** `shared` with a Lease, `create` with a namespace. */
  readonly form: SpawnBlock['form'];
  /** The Lease or the namespace, as it was read. */
  readonly object: KubernetesObject;
}

export function isExpired({ expires }: Pick<Room, 'expires'>, now: Date): boolean {
  return expires.getTime() <= now.getTime();
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
  const owner = instanceOwner(terms);
  return {
    name: roomName(owner),
    namespace: owner.namespace,
    labels: roomLabels(terms),
    annotations: { [ROOM]: JSON.stringify(roomSaid(terms)) },
  };
}

/** By which rooms are found. */
export function roomLabels(terms: RoomTerms): JsonObject {
  const { application, from } = terms;
  return { [APPLICATION]: application, [FORMATION]: instanceOwner(terms).formation, [SPAWNED_FROM]: from };
}

/** What is said of a room in its annotation. */
export function roomSaid(terms: RoomTerms): JsonObject {
  const { key, destination, environment, repository } = terms;
  const { repositoryId, pull, expires, url, isEnding } = terms;
  return {
    ...{ key, destination, environment, repository },
    ...defined({ repositoryId, pull }),
    ...{ expires: expires.toISOString() },
    ...defined({ url, isEnding }),
  };
}

/** The room that a Lease keeps; undefined if it does not say for whom, or says another thing in its name or its labels. */
export function parseRoom(lease: KubernetesObject): Room | undefined {
  const room = parseMarks(lease, String(lease.metadata['namespace'] ?? ''));
  if (room === undefined || lease.metadata.name !== roomName(room)) return undefined;
  return { ...room, form: 'shared', object: lease };
}

/** For whom the labels and the annotation of an object keep room; undefined if they do not say it, or contradict each other. */
export function parseMarks(
  object: KubernetesObject,
  namespace: string,
): Omit<Room, 'form' | 'object'> | undefined {
  const labels = textMap(object.metadata['labels'] ?? null);
  const [application, formation, from] = [labels[APPLICATION], labels[FORMATION], labels[SPAWNED_FROM]];
  const said = parseJsonIfAny(annotationOf(object, ROOM) ?? '');
  if (application === undefined || from === undefined || !isJsonObject(said)) return undefined;
  const terms = termsOf(said, { application, from, namespace });
  const created = new Date(String(object.metadata['creationTimestamp'] ?? ''));
  if (terms === undefined || Number.isNaN(created.getTime())) return undefined;
  return instanceOwner(terms).formation === formation ? { ...terms, formation, created } : undefined;
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
