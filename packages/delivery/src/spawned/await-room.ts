import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '@slipway/cluster';
import { quote, SlipwayError, valueAt } from '@slipway/core';
import { accessReview } from '@slipway/kubernetes';
import {
  isExpired,
  ROOM_OBJECT,
  type Room,
  type RoomTerms,
  readOwnNamespace,
  serverTime,
} from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { fenceProblems } from './fence.ts';
import { proveTenantFence } from './prove-tenant-fence.ts';

const LOOK_EVERY = 1_000;
const RBAC = 'rbac.authorization.k8s.io';

type Terms = Omit<RoomTerms, 'expires' | 'isEnding'>;

export interface RoomWait {
  readonly terms: Terms;
  /** Milliseconds. */
  readonly timeout: number;
  /** Whether the room keeper said that there is no room. It is asked once the wait is over and this login can see none. */
  readonly saysNoRoom: () => Promise<boolean>;
}

/** What a room lacks, as a clause. */
interface Lacking {
  readonly why: string;
  /** Whether this login can see no namespace at all, and not only one that is not complete. */
  readonly isAbsent: boolean;
}

/**
 * Waits for the namespace of an instance that the room keeper makes: with its marks, its fence and a quota that counts, and given to this
 * login.
 * @returns `no-room` if the room keeper says so. This login may list no namespaces, so that it cannot know that by itself.
 * @throws SlipwayError `spawn-unsplit` for a login that could make namespaces itself or take down a fence, `fence-…`, `room-not-ready`, `room-unmarked`, `room-foreign`
 */
export async function awaitRoom(
  client: ClusterClient,
  { terms, timeout, saysNoRoom }: RoomWait,
  { clock, signal, logger }: Pick<DeliverySurroundings, 'clock' | 'signal' | 'logger'>,
): Promise<Room | 'no-room'> {
  await refuseKeeper(client, undefined);
  const deadline = clock().getTime() + timeout;
  let said = '';
  for (;;) {
    const looked = await lookAtRoom(client, terms, await serverTime(client, clock));
    if (!('why' in looked)) {
      await refuseKeeper(client, looked.namespace);
      await proveTenantFence(client, looked.namespace);
      return looked;
    }
    const { why, isAbsent } = looked;
    if (why !== said) logger.info(`Waiting for the namespace ${terms.namespace}: ${why}`);
    said = why;
    if (clock().getTime() >= deadline) {
      if (isAbsent && (await saysNoRoom())) return 'no-room';
      throw notReady(terms, why);
    }
    await sleep(LOOK_EVERY, undefined, { signal });
  }
}

/** What makes the fence of a room: whoever may write it can take it down. */
const FENCE = [
  { group: RBAC, resource: 'rolebindings' },
  { group: 'networking.k8s.io', resource: 'networkpolicies' },
  { group: '', resource: 'resourcequotas' },
  { group: '', resource: 'limitranges' },
  // A Role in a namespace may be about the namespace itself, whose labels are a part of the fence.
  { group: '', resource: 'namespaces' },
];
const WRITES = ['create', 'patch', 'update', 'delete', 'deletecollection'];

/**
 * What could make rooms, or take down the fence of one, would be in the hands of whoever writes the workflow of a pull request.
 * @param namespace of the room once it is there; undefined asks about the whole cluster
 * @throws SlipwayError `spawn-unsplit`
 */
async function refuseKeeper(client: ClusterClient, namespace: string | undefined): Promise<void> {
  const rights =
    namespace === undefined
      ? [
          { group: '', resource: 'namespaces', verb: 'create' },
          { group: RBAC, resource: 'rolebindings', verb: 'create' },
        ]
      : FENCE.flatMap(part => WRITES.map(verb => ({ ...part, verb, namespace })));
  const answers = await Promise.all(rights.map(right => client.review(accessReview(right))));
  const found = rights.find((_, index) => answers[index]?.['allowed'] === true);
  if (found === undefined) return;
  const where = namespace === undefined ? 'the whole cluster' : `the namespace ${quote(namespace)}`;
  throw new SlipwayError<DeliveryErrorCode>({
    code: 'spawn-unsplit',
    message: `this login may ${found.verb} ${found.resource} in ${where}, and an instance is deployed by one that makes no namespaces`,
    remedy:
      'give this job the kubeconfig of the tenant, which has no more rights than examples/roles/spawner.yaml gives it, and that of the room keeper only to the environment of preview-room.yml',
  });
}

/** The room once it is ready; until then what it lacks. */
async function lookAtRoom(client: ClusterClient, terms: Terms, now: Date): Promise<Room | Lacking> {
  try {
    const room = await readOwnNamespace(client, terms);
    if (room === undefined) return { why: 'it does not exist', isAbsent: true };
    const why = await whyUnready(client, room, now);
    return why === undefined ? room : { why, isAbsent: false };
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code !== 'cluster-forbidden') throw error;
    return { why: 'it does not exist, or it is not given to this login', isAbsent: true };
  }
}

async function whyUnready(client: ClusterClient, room: Room, now: Date): Promise<string | undefined> {
  if (room.isEnding === true) return 'it is being removed';
  if (isExpired(room, now)) return `it expired at ${room.expires.toISOString()}`;
  const problems = await fenceProblems(client, room.namespace, { form: 'create' });
  if (problems.length > 0) return problems.map(({ message }) => message).join('; ');
  return (await isCounted(client, room.namespace)) ? undefined : 'its quota does not count yet';
}

/** Whether the quota of a room has a status, without which nothing that is created counts. */
export async function isCounted(client: Pick<ClusterClient, 'get'>, namespace: string): Promise<boolean> {
  const quota = await client.get({ apiVersion: 'v1', kind: 'ResourceQuota', namespace, name: ROOM_OBJECT });
  if (quota === undefined) return false;
  const hard = valueAt(quota, ['spec', 'hard']);
  return hard !== undefined && isDeepStrictEqual(hard, valueAt(quota, ['status', 'hard']));
}

function notReady({ namespace }: Pick<RoomTerms, 'namespace'>, why: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'room-not-ready',
    message: `the namespace ${quote(namespace)} of the instance was not ready in time: ${why}`,
    remedy:
      'look at the run of preview-room.yml for the same push, which makes it, and says if there is no room; if that was green, let an administrator look whether there is a ClusterRole slipway-tenant, and whether spec.spawn.tenant is this login',
  });
}
