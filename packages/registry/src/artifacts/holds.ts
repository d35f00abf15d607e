import {
  API_VERSION,
  defined,
  HOLD_ARTIFACT_TYPE,
  type Hold,
  parseStoredHold,
  quote,
  SlipwayError,
} from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { RegistryClient } from '../http/client.ts';
import { findManifest, putManifest } from '../manifests/manifests.ts';
import { formatReference, type Reference } from '../reference.ts';
import { readArtifact, uploadArtifact } from './artifacts.ts';
import { type SnapshotHome, snapshotsRepository } from './snapshots.ts';
import { type ReleaseTarget, refuseSnapshotTag } from './verdicts.ts';

/** `snapshots:hold.<formation>.<destination>`: one tag for each destination, whatever runs there. */
function referenceOf({ registry }: SnapshotHome, { formation, destination }: ReleaseTarget) {
  return { ...snapshotsRepository(registry), tag: `hold.${formation}.${destination}` };
}

/** Keeps the hold of a formation at one destination, or without one that it was lifted. */
export async function pushHold(
  client: RegistryClient,
  home: SnapshotHome,
  { formation, destination }: ReleaseTarget,
  hold: Hold | undefined,
): Promise<void> {
  const { tag, ...repository } = referenceOf(home, { formation, destination });
  await refuseSnapshotTag(client, { ...repository, tag });
  const { application } = home;
  const stored = { apiVersion: API_VERSION, kind: 'StoredHold', application, formation, destination };
  const manifest = await uploadArtifact(client, repository, {
    type: HOLD_ARTIFACT_TYPE,
    fileName: 'hold.json',
    content: `${JSON.stringify({ ...stored, ...defined({ hold }) }, null, 2)}\n`,
  });
  await putManifest(client, repository, manifest, tag);
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
  const reference = referenceOf(home, target);
  const artifact = await readArtifact(client, reference, HOLD_ARTIFACT_TYPE);
  if (artifact === undefined) {
    if ((await findManifest(client, reference)) === undefined) return undefined;
    throw invalid(reference, 'is something else by now, since anyone who may push can move its tag');
  }
  const stored = parse(artifact.content, reference);
  const isOwn =
    stored.application === home.application &&
    stored.formation === target.formation &&
    stored.destination === target.destination;
  if (!isOwn) throw invalid(reference, 'is of another formation or destination');
  return stored.hold;
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
