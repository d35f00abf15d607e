import type { Logger } from '@slipway/core';
import { describeObject, referenceTo } from '@slipway/kubernetes';
import { type AwaitGoneOptions, awaitGone, MOST_FOR_DELETION } from '../cluster/await-gone.ts';
import type { PreparedRelease } from '../plan/prepare.ts';
import type { Standby } from '../records/standby.ts';

/**
 * Waits until the objects of a release are gone that are being deleted, before anything is written.
 * @returns whether there were any, so that the release must be compared again
 * @throws SlipwayError `object-stays`, `deploy-superseded`
 */
export async function outlastDeletions(
  { objects }: Pick<PreparedRelease, 'objects'>,
  { logger, standby, ...options }: AwaitGoneOptions & { readonly logger: Logger; readonly standby: Standby },
): Promise<boolean> {
  const going = objects.flatMap(({ terminating }) => terminating ?? []);
  if (going.length === 0) return false;
  for (const object of going)
    logger.info(`${describeObject(referenceTo(object))} is being deleted; waiting until it is gone`);
  const timeout = Math.min(options.timeout, MOST_FOR_DELETION);
  await standby.whileWaiting(options.signal, signal => awaitGone(going, { ...options, signal, timeout }));
  return true;
}
