import { parseRemoval, REMOVAL_ARTIFACT_TYPE, type Removal } from '@slipway/core';
import type { RegistryClient } from '../http/client.ts';
import { type Mark, readMark, writeMark } from '../manifests/marks.ts';
import { formatReference } from '../reference.ts';
import { readArtifact, uploadArtifact } from './artifacts.ts';
import { type SnapshotHome, snapshotsRepository } from './snapshots.ts';
import { type ReleaseTarget, refuseSnapshotTag } from './verdicts.ts';

/** `snapshots:removed.<formation>.<destination>`: the last removal, also once it is released again. */
function removedMark({ registry }: SnapshotHome, { formation, destination }: ReleaseTarget): Mark {
  const tag = `removed.${formation}.${destination}`;
  return { repository: snapshotsRepository(registry), tag, kind: 'lasting' };
}

/**
 * Keeps that a formation was removed from a destination.
 * @throws SlipwayError `verdict-invalid` where a snapshot has the tag
 */
export async function pushRemoval(
  client: RegistryClient,
  home: SnapshotHome,
  removal: Removal,
): Promise<void> {
  const mark = removedMark(home, removal);
  await refuseSnapshotTag(client, mark);
  const manifest = await uploadArtifact(client, mark.repository, {
    type: REMOVAL_ARTIFACT_TYPE,
    fileName: 'removal.json',
    content: `${JSON.stringify(removal, null, 2)}\n`,
  });
  await writeMark(client, mark, manifest);
}

/**
 * The last removal of a formation from a destination; undefined without one, or for one that is about something else.
 * @throws SlipwayError `artifact-unverified`, `format-…`
 */
export async function readRemoval(
  client: RegistryClient,
  home: SnapshotHome,
  target: ReleaseTarget,
): Promise<Removal | undefined> {
  return await readMark(client, removedMark(home, target), async reference => {
    const stored = await readArtifact(client, reference, REMOVAL_ARTIFACT_TYPE);
    if (stored === undefined) return undefined;
    const removal = parseRemoval(stored.content, formatReference(reference));
    const isOwn =
      removal.application === home.application &&
      removal.formation === target.formation &&
      removal.destination === target.destination;
    return isOwn ? removal : undefined;
  });
}
