import { nearest, quote, SlipwayError, type Snapshot } from '@slipway/core';
import {
  findSnapshot,
  isSameSnapshot,
  type RegistryClient,
  readPassed,
  type SnapshotHome,
} from '@slipway/registry';
import type { BuildRetagErrorCode } from '../error-codes.ts';
import type { Formations } from '../files/formations.ts';

export interface SnapshotSearch {
  readonly client: RegistryClient;
  readonly home: SnapshotHome;
  readonly formations: Formations;
}

/**
 * The snapshot that last succeeded in a formation, the same at all of its destinations.
 * @throws SlipwayError `promotion-not-passed`, `promotion-disagrees`, `snapshot-of-instance`
 */
export async function lastPassed(
  formation: string,
  { client, home, formations }: SnapshotSearch,
): Promise<Snapshot> {
  const destinations = formations.get(formation) ?? [];
  const snapshots = await Promise.all(
    destinations.map(destination => readPassed(client, home, { formation, destination })),
  );
  const [first] = snapshots;
  const lacking = destinations.filter((_destination, index) => snapshots[index] === undefined);
  if (first === undefined || lacking.length > 0)
    throw notPassed(`no snapshot has succeeded at ${destinationNames(formation, lacking)} yet`, formation);
  if (snapshots.every(snapshot => snapshot !== undefined && isSameSnapshot(snapshot, first)))
    return await notOfInstance(first);
  const tags = destinations.map(
    (name, index) => `${name} has ${quote(snapshots[index]?.deploymentTag ?? '')}`,
  );
  throw new SlipwayError<BuildRetagErrorCode>({
    code: 'promotion-disagrees',
    message: `the destinations of ${quote(formation)} last succeeded with different snapshots: ${tags.join(', ')}`,
    remedy: 'release one of them at all destinations, or name a deployment tag',
  });
}

/** The snapshot of a deployment tag, whatever became of it. @throws SlipwayError `promotion-unknown`, `snapshot-of-instance` */
export async function taggedSnapshot(
  tag: string,
  { client, home, formations }: SnapshotSearch,
): Promise<Snapshot> {
  const stored = await findSnapshot(client, home, tag);
  if (stored !== undefined) return await notOfInstance(stored.snapshot);
  const candidate = nearest(tag, formations.keys());
  const known = [...formations.keys()].map(quote).join(', ') || 'none';
  throw new SlipwayError<BuildRetagErrorCode>({
    code: 'promotion-unknown',
    message: `${quote(tag)} is neither a formation nor the deployment tag of a snapshot in ${quote(home.registry)}`,
    remedy:
      candidate === undefined ? `formations: ${known}` : `did you mean the formation ${quote(candidate)}?`,
  });
}

/** Images of code that no one has reviewed are for their instance only. */
async function notOfInstance(snapshot: Snapshot): Promise<Snapshot> {
  if (snapshot.spawn !== undefined) {
    const { refuseForeignSnapshot } = await import('@slipway/render');
    refuseForeignSnapshot(snapshot, undefined);
  }
  return snapshot;
}

/** Destinations as a message lists them. */
export function destinationNames(formation: string, destinations: readonly string[]): string {
  return destinations.map(destination => quote(`${formation}/${destination}`)).join(', ');
}

export function notPassed(message: string, where: string): SlipwayError<BuildRetagErrorCode> {
  const remedy = `deploy it to all destinations of ${where} and verify it there first, or name a deployment tag that succeeded`;
  return new SlipwayError({ code: 'promotion-not-passed', message, remedy });
}
