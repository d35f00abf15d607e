import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, quote, type Release, SlipwayError, type Snapshot } from '@slipway/core';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { readUndone } from './find-release.ts';

type Found = Pick<FoundFormation, 'identity' | 'checkout'>;
type Surroundings = Pick<DeliverySurroundings, 'openRegistry' | 'logger'>;

/** A rollback, and the newest release before it waited for the lock. */
interface Restoration {
  readonly before: Release;
  readonly restored: Release;
}

/**
 * Takes back in the registry that a snapshot passed where it was rolled back by hand: otherwise the next wave and a promotion would spread
 * what was just taken out. The rollback goes on whatever the registry says, so that what fails is a warning.
 */
export async function takeBackPassed(
  found: Found,
  { before, restored }: Restoration,
  client: ClusterClient,
  surroundings: Surroundings,
): Promise<void> {
  const { destination = restored.destination } = found.identity;
  try {
    const undone = await readUndone(client, before, restored);
    const { snapshot } = undone;
    if (snapshot === undefined || destination === undefined) return;
    if (!isBuiltUpon(found) || isSameContent(undone, restored)) return;
    await takeBack({ snapshot, destination, restored }, found, surroundings);
  } catch (error) {
    surroundings.logger.warning(
      `Whether the registry says what was rolled back is not known: ${String(error)}`,
    );
  }
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
