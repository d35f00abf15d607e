import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '@slipway/cluster';
import { quote, SlipwayError, valueAt } from '@slipway/core';
import { accessReview } from '@slipway/kubernetes';
import { ROOM_OBJECT, type Room, type RoomTerms, readOwnNamespace, serverTime } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { fenceProblems } from './fence.ts';
import { isExpired } from './room-verdict.ts';

const LOOK_EVERY = 1_000;

/**
 * Waits for the namespace of an instance that the room keeper makes: with its marks, its fence and a quota that counts, and given to this
 * login.
 * @param timeout milliseconds
 * @throws SlipwayError `spawn-unsplit` for a login that could make namespaces itself, `room-not-ready`, `room-unmarked`, `room-foreign`
 */
export async function awaitRoom(
  client: ClusterClient,
  terms: Omit<RoomTerms, 'expires' | 'isEnding'>,
  timeout: number,
  { clock, signal, logger }: Pick<DeliverySurroundings, 'clock' | 'signal' | 'logger'>,
): Promise<Room> {
  await refuseKeeper(client);
  const deadline = clock().getTime() + timeout;
  let said = '';
  for (;;) {
    const looked = await lookAtRoom(client, terms, await serverTime(client, clock));
    if (typeof looked !== 'string') return looked;
    if (looked !== said) logger.info(`Waiting for the namespace ${terms.namespace}: ${looked}`);
    said = looked;
    if (clock().getTime() >= deadline) throw notReady(terms, looked);
    await sleep(LOOK_EVERY, undefined, { signal });
  }
}

/** What could make rooms would be in the hands of whoever writes the workflow of a pull request. @throws SlipwayError `spawn-unsplit` */
async function refuseKeeper(client: ClusterClient): Promise<void> {
  const rights = [
    { group: '', resource: 'namespaces', verb: 'create' },
    { group: 'rbac.authorization.k8s.io', resource: 'rolebindings', verb: 'create' },
  ];
  const answers = await Promise.all(rights.map(right => client.review(accessReview(right))));
  const found = rights.find((_, index) => answers[index]?.['allowed'] === true);
  if (found === undefined) return;
  throw new SlipwayError<DeliveryErrorCode>({
    code: 'spawn-unsplit',
    message: `this login may create ${found.resource} in the whole cluster, and an instance is deployed by one that makes no namespaces`,
    remedy:
      'give this job the kubeconfig of the tenant, and that of the room keeper only to the environment of preview-room.yml',
  });
}

/** The room once it is ready; until then what it lacks, as a clause. */
async function lookAtRoom(
  client: ClusterClient,
  terms: Omit<RoomTerms, 'expires' | 'isEnding'>,
  now: Date,
): Promise<Room | string> {
  const { namespace } = terms;
  try {
    const room = await readOwnNamespace(client, terms);
    if (room === undefined) return 'it does not exist';
    if (room.isEnding === true) return 'it is being removed';
    if (isExpired(room, now)) return `it expired at ${room.expires.toISOString()}`;
    const problems = await fenceProblems(client, namespace, {});
    if (problems.length > 0) return problems.map(({ message }) => message).join('; ');
    return (await isCounted(client, namespace)) ? room : 'its quota does not count yet';
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code !== 'cluster-forbidden') throw error;
    return 'it does not exist, or it is not given to this login';
  }
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
      'look at the run of preview-room.yml for the same push, which makes it, and says if there is no room',
  });
}
