import { formatProblem, isInForce, type Problem, quote, type Release, SlipwayError } from '@slipway/core';
import type { ReleaseTarget, SnapshotHome } from '@slipway/registry';
import type { HoldState } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

type Registry = Pick<DeliverySurroundings, 'openRegistry'>;
export type Found = Pick<FoundFormation, 'identity' | 'checkout'>;

/** Where the registry keeps the hold of a destination. */
export interface StoredAt {
  readonly home: SnapshotHome;
  readonly target: ReleaseTarget;
}

/**
 * Where a hold is kept beside the cluster, so that one that is lost does not take it along: for formations whose verdicts deploy reads
 * from the registry anyway. Others deploy without a login to it.
 */
export function storedAt({ identity, checkout }: Found): StoredAt | undefined {
  const { 'promoted-from': promotedFrom, waves = [] } = checkout?.formation.spec ?? {};
  const { destination } = identity;
  if (checkout === undefined || destination === undefined) return undefined;
  if (promotedFrom === undefined && waves.length < 2) return undefined;
  const { registry } = checkout.repository.application.spec;
  const { application, formation } = identity;
  return { home: { registry, application }, target: { formation, destination } };
}

/** The hold that the registry keeps of a destination; what cannot be read is unknown. */
export async function readStored(
  found: Found,
  { openRegistry, clock }: Registry & Pick<DeliverySurroundings, 'clock'>,
): Promise<HoldState> {
  const at = storedAt(found);
  if (at === undefined) return { state: 'none' };
  try {
    const { readStoredHold } = await import('@slipway/registry');
    const hold = await readStoredHold(await openRegistry(), at.home, at.target);
    if (hold === undefined) return { state: 'none' };
    return { state: isInForce(hold, clock()) ? 'held' : 'ended', hold };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { state: 'unknown', problem: holdUnknown(at.target, error) };
  }
}

/**
 * The hold that counts: that of the cluster, and of a cluster without any release, which may be a new one, what the lost one had.
 * @param latest the number of the newest release, 0 for none
 * @param noted what the cluster says
 */
export async function countedHold(
  found: Found,
  latest: number,
  noted: HoldState,
  surroundings: Registry & Pick<DeliverySurroundings, 'clock'>,
): Promise<HoldState> {
  return noted.state === 'none' && latest === 0 ? await readStored(found, surroundings) : noted;
}

/**
 * Says that only the cluster was looked at, where no file says whether the registry keeps holds as well.
 * @param done what happened to the hold in the cluster
 */
export function warnUnstored(
  { identity, checkout }: Found,
  newest: Pick<Release, 'destination'> | undefined,
  done: 'set' | 'lifted',
  logger: DeliverySurroundings['logger'],
): void {
  const { formation, destination = newest?.destination } = identity;
  // Plain manifests without a destination are not promoted, and have no files that could say so.
  if (checkout !== undefined || destination === undefined) return;
  const only = {
    set: 'the hold is set in the cluster only; set it again with that file checked out to keep it in both',
    lifted:
      'a hold is lifted in the cluster only; lift it again with that file checked out to lift it in both',
  };
  logger.warning(
    `Whether the registry keeps the hold of ${formation}/${destination} too is not known, since this run does not have the file of the formation: ${only[done]}`,
  );
}

function holdUnknown(
  { formation, destination }: ReleaseTarget,
  error: SlipwayError,
): Problem<DeliveryErrorCode> {
  const why = error.problems.map(formatProblem).join('; ');
  return {
    code: 'stored-hold-unknown',
    message: `it is not known whether ${formation}/${destination} is held: its cluster has no release, and the registry does not say: ${why}`,
    remedy: `give the job a login to the registry, or lift the hold of ${quote(formation)} with "mode: lift-hold"`,
  };
}
