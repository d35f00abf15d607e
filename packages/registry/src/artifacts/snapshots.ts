import {
  canonicalJson,
  type JsonValue,
  parseSnapshot,
  quote,
  SlipwayError,
  SNAPSHOT_ARTIFACT_TYPE,
  SNAPSHOTS_REPOSITORY,
  type Snapshot,
} from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { RegistryClient } from '../http/client.ts';
import type { Manifest } from '../manifests/manifests.ts';
import { type OnExistingTag, planTags, type TagWrite, writeTags } from '../manifests/tags.ts';
import { formatReference, parseRepository, type Repository } from '../reference.ts';
import { readArtifact, uploadArtifact } from './artifacts.ts';

/** Whose snapshots: an application of a registry. Both are checked of everything that is read. */
export interface SnapshotHome {
  /** `spec.registry` of the application, such as `ghcr.io/acme/shop`. */
  readonly registry: string;
  /** The application's name. */
  readonly application: string;
}

export interface StoredSnapshot {
  readonly snapshot: Snapshot;
  /** The manifest that the snapshot's tag names. */
  readonly manifest: Manifest;
}

/** `<registry>/snapshots` */
export function snapshotsRepository(registry: string): Repository {
  return parseRepository(`${registry}/${SNAPSHOTS_REPOSITORY}`);
}

/** What `snapshot.json` holds, on disk and in the registry. */
export function formatSnapshot(snapshot: Snapshot): string {
  return `${JSON.stringify(snapshot, null, 2)}\n`;
}

/**
 * Writes a snapshot to `<registry>/snapshots:<deployment tag>`. To be called last, once all of its images have their tag: a
 * snapshot that can be read is complete.
 * @throws SlipwayError `tag-exists` if the deployment tag has another snapshot
 */
export async function pushSnapshot(
  client: RegistryClient,
  snapshot: Snapshot,
  onExistingTag: OnExistingTag = 'error',
): Promise<Manifest> {
  const write = await uploadSnapshot(client, snapshot);
  await writeTags(client, [write], onExistingTag);
  return write.manifest;
}

/** Uploads a snapshot, which nothing names until `writeTags` writes what this gives: that may go on beside other work. */
export async function uploadSnapshot(client: RegistryClient, snapshot: Snapshot): Promise<TagWrite> {
  const target = snapshotsRepository(snapshot.registry);
  const [plans, manifest] = await Promise.all([
    planTags(client, [target], snapshot.deploymentTag),
    uploadArtifact(client, target, {
      type: SNAPSHOT_ARTIFACT_TYPE,
      fileName: 'snapshot.json',
      content: formatSnapshot(snapshot),
    }),
  ]);
  return { target, tag: snapshot.deploymentTag, existing: plans[0]?.existing, manifest };
}

/**
 * The snapshot of a deployment tag.
 * @throws SlipwayError `snapshot-not-found`, `snapshot-foreign`, `snapshot-invalid`
 */
export async function readSnapshot(
  client: RegistryClient,
  home: SnapshotHome,
  deploymentTag: string,
): Promise<Snapshot> {
  const stored = await findSnapshot(client, home, deploymentTag);
  if (stored !== undefined) return stored.snapshot;
  const reference = formatReference({ ...snapshotsRepository(home.registry), tag: deploymentTag });
  throw new SlipwayError<RegistryErrorCode>({
    code: 'snapshot-not-found',
    message: `there is no snapshot ${quote(reference)}`,
    remedy: 'check the deployment tag, and that build-retag pushed it to this registry',
  });
}

/** As `readSnapshot`, but undefined where there is none. */
export async function findSnapshot(
  client: RegistryClient,
  home: SnapshotHome,
  deploymentTag: string,
): Promise<StoredSnapshot | undefined> {
  const stored = await findSnapshotAt(client, home, deploymentTag);
  if (stored !== undefined && stored.snapshot.deploymentTag !== deploymentTag) {
    throw foreign(home, deploymentTag, `it has the deployment tag ${quote(stored.snapshot.deploymentTag)}`);
  }
  return stored;
}

/** The snapshot under any tag of the snapshots' repository. */
export async function findSnapshotAt(
  client: RegistryClient,
  home: SnapshotHome,
  tag: string,
): Promise<StoredSnapshot | undefined> {
  const reference = { ...snapshotsRepository(home.registry), tag };
  const stored = await readArtifact(client, reference, SNAPSHOT_ARTIFACT_TYPE);
  if (stored === undefined) return undefined;
  const snapshot = parseStored(stored.content, formatReference(reference));
  const reason = foreignReason(snapshot, home);
  if (reason !== undefined) throw foreign(home, tag, reason);
  return { snapshot, manifest: stored.manifest };
}

function parseStored(content: string, reference: string): Snapshot {
  try {
    return parseSnapshot(content, reference);
  } catch (cause) {
    throw new SlipwayError<RegistryErrorCode>(
      {
        code: 'snapshot-invalid',
        message: `${quote(reference)} is not a readable snapshot`,
        remedy: 'name the deployment tag of a build of Slipway',
      },
      { cause },
    );
  }
}

/** Whoever can push to the registry could put another application's snapshot, or images from elsewhere, under a tag. */
function foreignReason(snapshot: Snapshot, home: SnapshotHome): string | undefined {
  if (snapshot.application !== home.application)
    return `it is of the application ${quote(snapshot.application)}`;
  if (snapshot.registry !== home.registry) return `it is of the registry ${quote(snapshot.registry)}`;
  const stray = Object.entries(snapshot.images).find(
    ([service, image]) => image.name !== `${home.registry}/${service}`,
  );
  return stray === undefined ? undefined : `its image for ${quote(stray[0])} is ${quote(stray[1].name)}`;
}

function foreign(home: SnapshotHome, tag: string, reason: string): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'snapshot-foreign',
    message: `the snapshot ${quote(tag)} is not one of ${quote(home.application)} in ${quote(home.registry)}: ${reason}`,
    remedy: "name a deployment tag of this application's own builds",
  });
}

/** Whether two snapshots say the same about images, revision, time and all else. */
export function isSameSnapshot(one: Snapshot, other: Snapshot): boolean {
  return canonicalJson(one as unknown as JsonValue) === canonicalJson(other as unknown as JsonValue);
}

/**
 * Refuses to go on where a deployment tag has another snapshot already; asked before the images' tags are written.
 * @throws SlipwayError `tag-exists`
 */
export function refuseOtherSnapshot(existing: Snapshot | undefined, wanted: Snapshot): void {
  if (existing === undefined || isSameSnapshot(existing, wanted)) return;
  throw new SlipwayError<RegistryErrorCode>({
    code: 'tag-exists',
    message: `the deployment tag ${quote(existing.deploymentTag)} already names another snapshot, created ${existing.created}`,
    remedy: 'choose another deployment-tag, or set on-existing-tag to keep or overwrite',
  });
}
