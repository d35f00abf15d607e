import { nearest, Problems, quote, SlipwayError, type Snapshot } from '@slipway/core';
import {
  destinationsNotPassed,
  findDigest,
  findSnapshot,
  isSameSnapshot,
  parseRepository,
  type RegistryClient,
  type RegistryErrorCode,
  readPassed,
  type SnapshotHome,
} from '@slipway/registry';
import type { BuildRetagErrorCode } from './error-codes.ts';

/** Names of the destinations of each formation. */
export type Formations = ReadonlyMap<string, readonly string[]>;

export interface Promotion {
  readonly snapshot: Snapshot;
  /** The formation in which it succeeded, at every destination. */
  readonly formation: string;
}

export interface PromoteOptions {
  readonly client: RegistryClient;
  readonly home: SnapshotHome;
  readonly formations: Formations;
}

/**
 * The snapshot to promote: what last succeeded in a formation, the same at all of its destinations, or the one of a deployment
 * tag that succeeded in some formation.
 * @param what a formation or a deployment tag; a formation's name wins
 * @throws SlipwayError `promotion-unknown`, `promotion-not-passed`, `promotion-disagrees`, `snapshot-foreign`,
 * `snapshot-replaced`, `image-not-found`
 */
export async function findPromotion(what: string, options: PromoteOptions): Promise<Promotion> {
  const destinations = options.formations.get(what);
  const promotion =
    destinations === undefined
      ? await passedTag(what, options)
      : { snapshot: await lastPassed(what, destinations, options), formation: what };
  await refuseMissingImages(promotion.snapshot, options.client);
  return promotion;
}

async function lastPassed(
  formation: string,
  destinations: readonly string[],
  { client, home }: PromoteOptions,
): Promise<Snapshot> {
  const snapshots = await Promise.all(
    destinations.map(destination => readPassed(client, home, { formation, destination })),
  );
  const [first] = snapshots;
  const lacking = destinations.filter((_destination, index) => snapshots[index] === undefined);
  if (first === undefined || lacking.length > 0)
    throw notPassed(`no snapshot has succeeded at ${places(formation, lacking)} yet`, formation);
  if (snapshots.every(snapshot => snapshot !== undefined && isSameSnapshot(snapshot, first))) return first;
  const tags = destinations.map(
    (name, index) => `${name} has ${quote(snapshots[index]?.deploymentTag ?? '')}`,
  );
  throw new SlipwayError<BuildRetagErrorCode>({
    code: 'promotion-disagrees',
    message: `the destinations of ${quote(formation)} last succeeded with different snapshots: ${tags.join(', ')}`,
    remedy: 'release one of them at all destinations, or set promote to a deployment tag',
  });
}

async function passedTag(tag: string, { client, home, formations }: PromoteOptions): Promise<Promotion> {
  const snapshot = (await findSnapshot(client, home, tag))?.snapshot;
  if (snapshot === undefined) throw unknown(tag, home, [...formations.keys()]);
  const lacks: string[] = [];
  for (const [formation, destinations] of formations) {
    const lacking = await destinationsNotPassed(client, snapshot, formation, destinations);
    if (lacking.length === 0) return { snapshot, formation };
    lacks.push(places(formation, lacking));
  }
  throw notPassed(`the snapshot ${quote(tag)} has not succeeded at ${lacks.join(', ')}`, 'a formation');
}

function places(formation: string, destinations: readonly string[]): string {
  return destinations.map(destination => quote(`${formation}/${destination}`)).join(', ');
}

function unknown(
  what: string,
  home: SnapshotHome,
  formations: readonly string[],
): SlipwayError<BuildRetagErrorCode> {
  const candidate = nearest(what, formations);
  const known = formations.map(quote).join(', ') || 'none';
  return new SlipwayError({
    code: 'promotion-unknown',
    message: `${quote(what)} is neither a formation nor the deployment tag of a snapshot in ${quote(home.registry)}`,
    remedy:
      candidate === undefined ? `formations: ${known}` : `did you mean the formation ${quote(candidate)}?`,
  });
}

/** Images can be deleted while the snapshot that names them stays. */
async function refuseMissingImages(snapshot: Snapshot, client: RegistryClient): Promise<void> {
  const problems = new Problems<RegistryErrorCode>();
  const look = async ({ name, digest }: Snapshot['images'][string]): Promise<void> => {
    if ((await findDigest(client, { ...parseRepository(name), digest })) !== undefined) return;
    problems.add({
      code: 'image-not-found',
      message: `the image ${quote(name)} of the snapshot ${quote(snapshot.deploymentTag)} is gone (${digest})`,
      remedy: 'promote a newer snapshot, and let the registry keep images that have a deployment tag',
    });
  };
  await Promise.all(Object.values(snapshot.images).map(look));
  problems.throwIfAny();
}

function notPassed(message: string, where: string): SlipwayError<BuildRetagErrorCode> {
  const remedy = `deploy it to all destinations of ${where} and verify it there first, or name a deployment tag that succeeded`;
  return new SlipwayError({ code: 'promotion-not-passed', message, remedy });
}
