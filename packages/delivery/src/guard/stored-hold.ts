import {
  formatProblem,
  type Hold,
  isInForce,
  type Problem,
  quote,
  type Release,
  SlipwayError,
} from '@slipway/core';
import type { RegistryClient, ReleaseTarget, SnapshotHome } from '@slipway/registry';
import type { HoldState } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

type Registry = Pick<DeliverySurroundings, 'openRegistry'>;
type Found = Pick<FoundFormation, 'identity' | 'checkout'>;

/** Where the registry keeps the hold of a destination. */
interface StoredAt {
  readonly home: SnapshotHome;
  readonly target: ReleaseTarget;
}

/**
 * Where a hold is kept beside the cluster, so that one that is lost does not take it along: for formations whose verdicts deploy reads
 * from the registry anyway. Others deploy without a login to it.
 */
function storedAt({ identity, checkout }: Found): StoredAt | undefined {
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

/** Says that only the cluster was looked at, where no file says whether the registry keeps holds as well. */
export function warnUnstored(
  { identity, checkout }: Found,
  newest: Pick<Release, 'destination'> | undefined,
  logger: DeliverySurroundings['logger'],
): void {
  const { formation, destination = newest?.destination } = identity;
  // Plain manifests without a destination are not promoted, and have no files that could say so.
  if (checkout !== undefined || destination === undefined) return;
  logger.warning(
    `Whether the registry keeps the hold of ${formation}/${destination} too is not known, since this run does not have the file of the formation: only the hold in the cluster was changed; run it again with that file checked out to change both`,
  );
}

/** Keeps a hold in the registry too. Who has set it in the cluster is told if that fails, and no more. */
export async function storeHold(
  found: Found,
  hold: Hold,
  { openRegistry, logger }: Registry & Pick<DeliverySurroundings, 'logger'>,
): Promise<void> {
  const at = storedAt(found);
  if (at === undefined) return;
  try {
    await push(at, hold, await openRegistry());
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    logger.warning(`The hold is in the cluster only, and is lost with it: ${why}`);
  }
}

/** @throws SlipwayError of the registry */
export async function liftStored(found: Found, { openRegistry }: Registry): Promise<void> {
  const at = storedAt(found);
  if (at !== undefined) await push(at, undefined, await openRegistry());
}

async function push(
  { home, target }: StoredAt,
  hold: Hold | undefined,
  client: RegistryClient,
): Promise<void> {
  const { pushHold } = await import('@slipway/registry');
  await pushHold(client, home, target, hold);
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
