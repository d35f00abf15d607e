import {
  API_VERSION,
  defined,
  HOLD_ARTIFACT_TYPE,
  type Hold,
  parseStoredHold,
  quote,
  SlipwayError,
  type StoredHold,
} from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { RegistryClient } from '../http/client.ts';
import { findManifest } from '../manifests/manifests.ts';
import { type Mark, readMark, writeMark } from '../manifests/marks.ts';
import { formatReference, type Reference } from '../reference.ts';
import { readArtifact, uploadArtifact } from './artifacts.ts';
import { type SnapshotHome, snapshotsRepository } from './snapshots.ts';
import { type ReleaseTarget, refuseSnapshotTag } from './verdicts.ts';

/** `snapshots:hold.<formation>.<destination>`: one mark for each destination, whatever runs there. */
function holdMark({ registry }: SnapshotHome, { formation, destination }: ReleaseTarget): Mark {
  const repository = snapshotsRepository(registry);
  return { repository, tag: `hold.${formation}.${destination}`, kind: 'lasting' };
}

/** Keeps the hold of a formation at one destination, or without one that it was lifted. */
export async function pushHold(
  client: RegistryClient,
  home: SnapshotHome,
  { formation, destination }: ReleaseTarget,
  hold: Hold | undefined,
): Promise<void> {
  const mark = holdMark(home, { formation, destination });
  const { repository } = mark;
  await refuseSnapshotTag(client, mark);
  const { application } = home;
  const stored = { apiVersion: API_VERSION, kind: 'StoredHold', application, formation, destination };
  const manifest = await uploadArtifact(client, repository, {
    type: HOLD_ARTIFACT_TYPE,
    fileName: 'hold.json',
    content: `${JSON.stringify({ ...stored, ...defined({ hold }) }, null, 2)}\n`,
  });
  await writeMark(client, mark, manifest);
}

/**
 * The hold that the registry keeps of a formation at one destination; undefined if there was none, or it was lifted.
 * @throws SlipwayError `stored-hold-invalid`, `artifact-unverified`
 */
export async function readStoredHold(
  client: RegistryClient,
  home: SnapshotHome,
  target: ReleaseTarget,
): Promise<Hold | undefined> {
  return await readMark(client, holdMark(home, target), async reference => {
    const stored = await readHoldAt(client, reference);
    if (stored === undefined) return undefined;
    const isOwn =
      stored.application === home.application &&
      stored.formation === target.formation &&
      stored.destination === target.destination;
    if (!isOwn) throw invalid(reference, 'is of another formation or destination');
    return stored;
  }).then(stored => stored?.hold);
}

async function readHoldAt(client: RegistryClient, reference: Reference): Promise<StoredHold | undefined> {
  const artifact = await readArtifact(client, reference, HOLD_ARTIFACT_TYPE);
  if (artifact === undefined) {
    if ((await findManifest(client, reference)) === undefined) return undefined;
    throw invalid(reference, 'is something else by now, since anyone who may push can move its tag');
  }
  return parse(artifact.content, reference);
}

function parse(content: string, reference: Reference) {
  try {
    return parseStoredHold(content, formatReference(reference));
  } catch (cause) {
    throw invalid(reference, 'cannot be read', cause);
  }
}

function invalid(reference: Reference, what: string, cause?: unknown): SlipwayError<RegistryErrorCode> {
  return new SlipwayError<RegistryErrorCode>(
    {
      code: 'stored-hold-invalid',
      message: `the hold ${quote(formatReference(reference))} ${what}`,
      remedy: 'find out who pushed it, and lift the hold with "mode: lift-hold"',
    },
    { cause },
  );
}
