import type { ClusterClient } from '@slipway/cluster';
import { type Release, SlipwayError } from '@slipway/core';
import { readStableRecord, rejectOpen, setHold } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { storeHold } from '../guard/store-hold.ts';
import { warnUnstored } from '../guard/stored-hold.ts';
import type { RollBackRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { holdOf } from './hold.ts';

/** A rollback that has its reason. */
export type Rejecting = Pick<RollBackRequest, 'until' | 'lockTimeout' | 'timeout' | 'reason'>;

/**
 * Rejects the release in steps that is open, and holds the formation first: what someone took out by hand must not be deployed again by
 * the next push, or by a run that waits already.
 * @returns it, closed
 */
export async function rejectHeld(
  open: Release,
  found: FoundFormation,
  request: Rejecting,
  { client, ...surroundings }: DeliverySurroundings & { readonly client: ClusterClient },
): Promise<Release> {
  const { run, clock, signal, logger } = surroundings;
  const { identity } = found;
  const { reason, lockTimeout, timeout } = request;
  const hold = holdOf(request, surroundings);
  // What cannot be undone at all is not held for it.
  await readStableRecord(client, open);
  await setHold(client, identity, hold);
  try {
    return await rejectOpen({
      ...{ client, clock, signal, logger, release: open, lockTimeout, timeout },
      holder: run.url === '' ? 'slipway' : run.url,
      repository: identity.repository,
      as: { actor: run.actor || 'someone', run: run.url, reason },
    });
  } finally {
    // One that cannot be carried to its end now stays held as well.
    await storeHold(found, hold, client, surroundings);
    warnUnstored(found, open, 'set', logger);
  }
}

/** What is being undone cannot be what is restored. */
export function openNotRestored({ number, steps }: Release): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'release-unknown',
    message: `release ${number} is open and goes in steps, so that it cannot be restored yet`,
    remedy: `leave out "to" to reject it, which leaves release ${steps?.stable.release} to all users, or let verify-rollout commit it`,
  });
}
