import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, quote, type Release, SlipwayError, type Snapshot } from '@slipway/core';
import { listReleases, readRelease } from '@slipway/release';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

type Found = Pick<FoundFormation, 'identity' | 'checkout'>;
type Surroundings = Pick<DeliverySurroundings, 'openRegistry' | 'logger'>;

/** A rollback, and the newest release before it waited for the lock. */
interface Restoration {
  readonly before: Release;
  readonly restored: Release;
}

/**
 * Takes back in the registry that snapshots passed where they were rolled back by hand: otherwise the next wave and a promotion would
 * spread what was just taken out. The rollback goes on whatever the registry says, so that what fails is a warning.
 */
export async function takeBackPassed(
  found: Found,
  restoration: Restoration,
  client: ClusterClient,
  surroundings: Surroundings,
): Promise<void> {
  const { restored } = restoration;
  const { destination = restored.destination } = found.identity;
  if (destination === undefined || !isBuiltUpon(found)) return;
  try {
    const undone = await readUndone(restoration, client, surroundings);
    for (const snapshot of snapshotsOf(undone.filter(release => !isSameContent(release, restored))))
      await takeBack({ snapshot, destination, restored }, found, surroundings);
  } catch (error) {
    surroundings.logger.warning(
      `Whether the registry says what was rolled back is not known: ${String(error)}`,
    );
  }
}

/** The release that was found, and those that came while the rollback waited: any of them may have passed. */
async function readUndone(
  { before, restored }: Restoration,
  client: ClusterClient,
  { logger }: Surroundings,
): Promise<readonly Release[]> {
  const undone = [before];
  if (restored.rollbackOf === before.number) return undone;
  const releases = await listReleases(client, restored);
  const later = releases.filter(({ number }) => number > before.number && number < restored.number);
  for (const { number } of later)
    try {
      undone.push(await readRelease(client, restored, number));
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      logger.warning(
        `Whether the registry says that release ${number} passed, which is rolled back, is not known: ${error.problems.map(formatProblem).join('; ')}`,
      );
    }
  return undone;
}

function snapshotsOf(releases: readonly Release[]): readonly Snapshot[] {
  const snapshots = releases.flatMap(({ snapshot }) => snapshot ?? []);
  return [...new Map(snapshots.map(snapshot => [snapshot.deploymentTag, snapshot])).values()];
}

async function takeBack(
  { snapshot, destination, restored }: { snapshot: Snapshot; destination: string; restored: Release },
  { identity: { formation } }: Found,
  { openRegistry, logger }: Surroundings,
): Promise<void> {
  const what = `that ${quote(snapshot.deploymentTag)} passed at ${formation}/${destination}`;
  try {
    const { takeBackVerdict } = await import('@slipway/registry');
    const summary = restored.reason ?? 'rolled back by hand';
    const taken = { undone: snapshot, restored: restored.snapshot, summary };
    if (await takeBackVerdict(await openRegistry(), taken, { formation, destination }))
      logger.info(`The registry does not say any more ${what}: no promotion and no later wave takes it on`);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    logger.warning(
      `The registry may still say ${what}, so that a promotion or a later wave of it is not refused; hold those destinations too: ${why}`,
    );
  }
}

/** Whether anything else is deployed because of what passed here; without a checkout that is not known. */
function isBuiltUpon({ identity: { formation }, checkout }: Found): boolean {
  if (checkout === undefined) return true;
  const { waves = [] } = checkout.formation.spec;
  const others = [...checkout.repository.formations.values()];
  return waves.length > 1 || others.some(({ spec }) => spec['promoted-from'] === formation);
}

function isSameContent(undone: Release, restored: Release): boolean {
  return (
    undone.snapshot?.deploymentTag === restored.snapshot?.deploymentTag &&
    undone.configRevision === restored.configRevision
  );
}
