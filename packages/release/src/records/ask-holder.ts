import { SlipwayError } from '@slipway/core';
import { annotationOf, annotationsOf, type KubernetesObject, LOCK_WANTED } from '@slipway/kubernetes';
import { leaseReference } from './lease.ts';
import type { LockOptions } from './lock-options.ts';
import { briefly, type LockTimes } from './lock-times.ts';

/**
 * Asks whoever holds the lock to give it up if it only waits, by an annotation of the Lease; nothing else of it changes. The holder sees
 * it with its next renewal, which the new version refuses.
 * @returns the Lease with the request; undefined where another has asked already, or the Lease has changed
 */
export async function askHolder(
  { client }: Pick<LockOptions, 'client'>,
  live: KubernetesObject,
  request: string,
  { tryFor }: LockTimes,
): Promise<KubernetesObject | undefined> {
  if (annotationOf(live, LOCK_WANTED) !== undefined) return undefined;
  const annotations = { ...annotationsOf(live), [LOCK_WANTED]: request };
  const brief = briefly(client, tryFor);
  try {
    return await brief.client.update({ ...live, metadata: { ...live.metadata, annotations } });
  } catch (error) {
    // Asking is only quicker than waiting: the next look asks again.
    if (error instanceof SlipwayError) return undefined;
    throw error;
  } finally {
    brief.close();
  }
}

/** Takes a request back that no one has answered: a run that waits must not give way to one that has given up. */
export async function withdrawRequest(
  { client, owner, logger }: Pick<LockOptions, 'client' | 'owner' | 'logger'>,
  request: string,
  { tryFor }: LockTimes,
): Promise<void> {
  const brief = briefly(client, tryFor);
  try {
    const live = await brief.client.get(leaseReference(owner));
    if (live === undefined || annotationOf(live, LOCK_WANTED) !== request) return;
    const { [LOCK_WANTED]: _, ...annotations } = annotationsOf(live);
    await brief.client.update({ ...live, metadata: { ...live.metadata, annotations } });
  } catch (error) {
    logger.debug(`The request for the lock was not taken back: ${String(error)}`);
  } finally {
    brief.close();
  }
}
