import type { ClusterClient } from '@slipway/cluster';
import { SlipwayError, throwIfAny } from '@slipway/core';
import {
  annotationOf,
  isTerminating,
  type KubernetesObject,
  ROOM,
  textAt,
  uidIfAny,
} from '@slipway/kubernetes';
import {
  type Destroyed,
  deleteAsRead,
  holdRefusals,
  isExpired,
  namespaceReference,
  namespaceStays,
  type Room,
  readHold,
  serverTime,
  stillThere,
} from '@slipway/release';
import type { DeliverySurroundings } from '../surroundings.ts';

export interface EndNamespaceOptions {
  readonly client: ClusterClient;
  /** As it was when its end was decided. */
  readonly room: Room;
  /** Milliseconds that the namespace may take to be gone. */
  readonly timeout: number;
}

type EndSurroundings = Pick<DeliverySurroundings, 'clock' | 'signal' | 'logger'>;

/**
 * Removes the namespace of an instance, by its UID and as it was read, with everything in it, and waits until it is gone.
 * A hold keeps it until it expires, and no longer.
 * @returns undefined if another run has taken the instance on since
 * @throws SlipwayError `formation-held`, `hold-unreadable`
 */
export async function endNamespace(
  { client, room, timeout }: EndNamespaceOptions,
  { clock, signal, logger }: EndSurroundings,
): Promise<Destroyed | undefined> {
  const reference = namespaceReference(room.namespace);
  const volumes = await retainedVolumes(client, room.namespace);
  if (!isTerminating(room.object)) {
    // Whoever may deploy into it writes the hold too, and could keep it for ever: past its end no hold counts.
    const now = await serverTime(client, clock);
    if (!isExpired(room, now)) throwIfAny(holdRefusals(room, await readHold(client, room, now)));
    // Nothing is written before: what keeps a namespace from being changed must not keep it from being removed.
    const isMeant = (live: KubernetesObject): boolean =>
      uidIfAny(live) === uidIfAny(room.object) &&
      (isTerminating(live) || annotationOf(live, ROOM) === annotationOf(room.object, ROOM));
    if (!(await deleteAsRead(client, room.object, 'Background', isMeant))) return undefined;
  }
  const going = [{ ...reference, uid: uidIfAny(room.object) }];
  const stays = await stillThere(going, { client, clock, signal, timeout });
  logger.info(
    volumes === undefined
      ? `Which volumes outlast the namespace ${room.namespace} is not known, as this login may not list them`
      : `${volumes.length === 0 ? 'No volume outlasts' : `${volumes.join(', ')}: kept, since the class says Retain, after the end of`} the namespace ${room.namespace}`,
  );
  return {
    removed: stays.length === 0 ? [reference] : [],
    left: stays.length === 0 ? [] : [reference],
    problems: stays.map(live => namespaceStays(live, room)),
    isUnknown: false,
    at: clock(),
  };
}

/** Volumes that stay when their claims go; undefined if that may not be seen. */
async function retainedVolumes(client: ClusterClient, namespace: string): Promise<string[] | undefined> {
  return (await volumesIn(client, namespace))
    ?.filter(volume => textAt(volume, 'spec', 'persistentVolumeReclaimPolicy') === 'Retain')
    .map(({ metadata }) => `PersistentVolume ${metadata.name}`);
}

/** The names of the claims that have volumes in a namespace; empty where that may not be seen. */
export async function claimsIn(client: ClusterClient, namespace: string): Promise<string[]> {
  const volumes = (await volumesIn(client, namespace)) ?? [];
  return volumes.map(volume => textAt(volume, 'spec', 'claimRef', 'name') ?? volume.metadata.name).sort();
}

async function volumesIn(client: ClusterClient, namespace: string): Promise<KubernetesObject[] | undefined> {
  try {
    const { items } = await client.list({ apiVersion: 'v1', kind: 'PersistentVolume' });
    return items.filter(volume => textAt(volume, 'spec', 'claimRef', 'namespace') === namespace);
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'cluster-forbidden') return undefined;
    throw error;
  }
}
