import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, type Hold, isSameHold, SlipwayError } from '@slipway/core';
import type { RegistryClient } from '@slipway/registry';
import { listReleases, readHold, readRelease } from '@slipway/release';
import type { DeliverySurroundings } from '../surroundings.ts';
import { type Found, type StoredAt, storedAt } from './stored-hold.ts';

type Surroundings = Pick<DeliverySurroundings, 'openRegistry' | 'logger' | 'clock'>;

/**
 * Keeps the hold of a formation in the registry too, as its cluster has it by now: another run may have set or lifted one since this one
 * did, and keeps it in the registry as well. Who has set it in the cluster is told if that fails, and no more.
 * @param set what this run has set, which is stored where the cluster does not say what it has
 */
export async function storeHold(
  found: Found,
  set: Hold,
  client: ClusterClient,
  { openRegistry, logger, clock }: Surroundings,
): Promise<void> {
  const at = storedAt(found);
  if (at === undefined) return;
  const current = (): Promise<Hold | undefined> =>
    currentHold(client, found, clock(), set).catch((error: unknown) => {
      logger.debug(`The hold could not be read again: ${String(error)}`);
      return set;
    });
  try {
    await pushUntilSame(at, current, await openRegistry());
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    logger.warning(`The hold is in the cluster only, and is lost with it: ${why}`);
  }
}

/** Whoever changes the hold changes the cluster first, so that a change after the last look is pushed after this. */
async function pushUntilSame(
  at: StoredAt,
  current: () => Promise<Hold | undefined>,
  client: RegistryClient,
): Promise<void> {
  for (let hold = await current(); ; ) {
    await push(at, hold, client);
    const now = await current();
    if (isSameHold(now, hold)) return;
    hold = now;
  }
}

async function currentHold(
  client: ClusterClient,
  { identity }: Found,
  now: Date,
  set: Hold,
): Promise<Hold | undefined> {
  const [newest] = await listReleases(client, identity);
  const release = newest && (await readRelease(client, identity, newest.number));
  const found = await readHold(client, identity, now, release);
  if (found.state === 'none') return undefined;
  return found.state === 'unknown' ? (found.known ?? set) : found.hold;
}

/** @throws SlipwayError of the registry */
export async function liftStored(
  found: Found,
  { openRegistry }: Pick<DeliverySurroundings, 'openRegistry'>,
): Promise<void> {
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
