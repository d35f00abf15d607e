import { Problems, quote, type Snapshot } from '@slipway/core';
import {
  destinationsNotPassed,
  findDigest,
  parseRepository,
  type RegistryClient,
  type RegistryErrorCode,
} from '@slipway/registry';
import {
  destinationNames,
  lastPassed,
  notPassed,
  type SnapshotSearch,
  taggedSnapshot,
} from './named-snapshot.ts';

export interface Promotion {
  readonly snapshot: Snapshot;
  /** The formation in which it succeeded, at every destination. */
  readonly formation: string;
}

/**
 * The snapshot to promote: what last succeeded in a formation, the same at all of its destinations, or the one of a deployment
 * tag that succeeded in some formation.
 * @param what a formation or a deployment tag; a formation's name wins
 * @throws SlipwayError `promotion-unknown`, `promotion-not-passed`, `promotion-disagrees`, `snapshot-foreign`,
 * `snapshot-replaced`, `image-not-found`
 */
export async function findPromotion(what: string, search: SnapshotSearch): Promise<Promotion> {
  const promotion = search.formations.has(what)
    ? { snapshot: await lastPassed(what, search), formation: what }
    : await passedTag(what, search);
  await refuseMissingImages(promotion.snapshot, search.client);
  return promotion;
}

async function passedTag(tag: string, search: SnapshotSearch): Promise<Promotion> {
  const snapshot = await taggedSnapshot(tag, search);
  const lacks: string[] = [];
  for (const [formation, destinations] of search.formations) {
    const lacking = await destinationsNotPassed(search.client, snapshot, formation, destinations);
    if (lacking.length === 0) return { snapshot, formation };
    lacks.push(destinationNames(formation, lacking));
  }
  throw notPassed(`the snapshot ${quote(tag)} has not succeeded at ${lacks.join(', ')}`, 'a formation');
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
