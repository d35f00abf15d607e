import { defined, formatProblem, type Hold, type Release, SlipwayError } from '@slipway/core';
import { type HoldState, liftHold, readHold, setHold } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';
import { findReleased } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { liftStored, storeHold } from '../guard/store-hold.ts';
import { countedHold, readStored, warnUnstored } from '../guard/stored-hold.ts';
import type { HoldEnd, HoldRequest, LiftHoldRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { readNewest } from './find-release.ts';
import { withFormation } from './with-formation.ts';

export interface HeldFormation {
  readonly identity: FoundFormation['identity'];
  readonly hold: Hold;
  /** What there was before. */
  readonly before: HoldState;
}

/**
 * A name that neither a file nor the cluster has may be misspelt: whoever is told that it is held believes it of another one.
 * @throws SlipwayError `destination-unclear`
 */
export function refuseUnheard(
  { identity, checkout }: Pick<FoundFormation, 'identity' | 'checkout'>,
  newest: Release | undefined,
  before: Pick<HoldState, 'state'>,
): void {
  if (checkout !== undefined || newest !== undefined || before.state !== 'none') return;
  const { application, formation, namespace } = identity;
  throw new SlipwayError<DeliveryErrorCode>({
    code: 'destination-unclear',
    message: `no release of ${application}/${formation} is in namespace ${namespace}, and no file of it is checked out`,
    remedy: 'correct application, formation or namespace; before its first release, check out its files',
  });
}

/**
 * Keeps a formation as it is until the hold is lifted or ends: whatever is applied is refused. A hold that there is gets replaced.
 * @throws SlipwayError `hold-over`, `hold-too-long`, `destination-unclear`
 */
export async function holdFormation(
  request: HoldRequest,
  surroundings: DeliverySurroundings,
): Promise<HeldFormation> {
  const found = await findReleased(request, surroundings);
  const { identity } = found;
  const hold = holdOf(request, surroundings);
  return await withFormation(found, surroundings, async client => {
    const newest = await readNewest(client, identity);
    const before = await readHold(client, identity, surroundings.clock(), newest);
    refuseUnheard(found, newest, before);
    // First of all the formation is held, whatever the registry says or does not say.
    await setHold(client, identity, hold);
    const counted = await countedHold(found, newest?.number ?? 0, before, surroundings);
    await storeHold(found, hold, client, surroundings);
    warnUnstored(found, newest, 'set', surroundings.logger);
    return { identity, hold, before: counted };
  });
}

export interface LiftedHold {
  readonly identity: FoundFormation['identity'];
  /** What was lifted. */
  readonly before: HoldState;
}

/**
 * Lifts the hold of a formation, in its cluster and where the registry keeps it, so that the next apply is not refused any more.
 * @throws SlipwayError of the registry if the hold is kept only there
 */
export async function liftHoldOf(
  request: LiftHoldRequest,
  surroundings: DeliverySurroundings,
): Promise<LiftedHold> {
  const found = await findReleased(request, surroundings);
  const { identity } = found;
  return await withFormation(found, surroundings, async client => {
    const newest = await readNewest(client, identity);
    const before = await readHold(client, identity, surroundings.clock(), newest);
    refuseUnheard(found, newest, before);
    const stored = await readStored(found, surroundings);
    if (before.state !== 'none') await liftHold(client, identity);
    if (stored.state !== 'none') await liftInRegistry(found, before, surroundings);
    warnUnstored(found, newest, 'lifted', surroundings.logger);
    return { identity, before: before.state === 'none' ? stored : before };
  });
}

/** Once the hold of the cluster is lifted, the one of the registry only matters where the cluster is lost. */
async function liftInRegistry(
  found: FoundFormation,
  before: HoldState,
  surroundings: DeliverySurroundings,
): Promise<void> {
  try {
    await liftStored(found, surroundings);
  } catch (error) {
    if (!(error instanceof SlipwayError) || before.state === 'none') throw error;
    const why = error.problems.map(formatProblem).join('; ');
    surroundings.logger.warning(
      `The hold is lifted in the cluster, and the registry may still keep it for the day on which the cluster is lost: ${why}`,
    );
  }
}

/** Ten years, in milliseconds: a longer hold is a typing error, or one without an end. */
export const LONGEST_HOLD = 10 * 365 * 24 * 3_600_000;

/**
 * The hold that a run sets.
 * @throws SlipwayError `hold-over`, `hold-too-long`
 */
export function holdOf(
  { reason, until }: Pick<HoldRequest, 'reason' | 'until'>,
  { run, clock }: Pick<DeliverySurroundings, 'run' | 'clock'>,
): Hold {
  const now = clock();
  const end = endOf(until, now);
  if (end !== undefined && end <= now) throw holdOver(end);
  if (end !== undefined && end.getTime() - now.getTime() > LONGEST_HOLD) throw holdTooLong(end);
  return {
    by: run.actor || 'an unknown user',
    reason,
    since: now.toISOString(),
    ...defined({ until: end?.toISOString() }),
    ...(run.url === '' ? {} : { run: run.url }),
  };
}

function endOf(until: HoldEnd, now: Date): Date | undefined {
  if (until === undefined) return undefined;
  return 'at' in until ? until.at : new Date(now.getTime() + until.after);
}

function holdOver(end: Date): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'hold-over',
    message: `the hold would have ended at ${end.toISOString()}, which is over`,
    remedy: 'give a later time in hold-until',
  });
}

function holdTooLong(end: Date): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'hold-too-long',
    message: `the hold would end at ${end.toISOString()}, which is more than ten years from now`,
    remedy: 'give an earlier time in hold-until, or leave it out to hold until someone lifts it',
  });
}
