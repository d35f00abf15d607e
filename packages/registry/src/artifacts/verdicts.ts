import {
  inParallel,
  isDeploymentTag,
  isJsonObject,
  parseVerdict,
  quote,
  SlipwayError,
  SNAPSHOT_ARTIFACT_TYPE,
  type Snapshot,
  VERDICT_ARTIFACT_TYPE,
  type Verdict,
} from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { RegistryClient } from '../http/client.ts';
import { findManifest, type Manifest } from '../manifests/manifests.ts';
import { type Mark, readMark, writeMark } from '../manifests/marks.ts';
import { formatReference } from '../reference.ts';
import { readArtifact, uploadArtifact } from './artifacts.ts';
import { unverifiedMark } from './mac.ts';
import {
  findSnapshot,
  findSnapshotAt,
  isSameSnapshot,
  type SnapshotHome,
  type StoredSnapshot,
  snapshotsRepository,
} from './snapshots.ts';

/** The formation and destination of a release. */
export interface ReleaseTarget {
  readonly formation: string;
  readonly destination: string;
}

const PARALLEL_LOOKUPS = 6;

/** The newest verdict on one snapshot at a destination. */
function verdictMark({ registry, deploymentTag }: Snapshot, { formation, destination }: ReleaseTarget): Mark {
  const tag = `${deploymentTag}.${formation}.${destination}`;
  return { repository: snapshotsRepository(registry), tag, kind: 'of-snapshot' };
}

/** The snapshot that last succeeded at a destination. */
export function passedMark(registry: string, { formation, destination }: ReleaseTarget): Mark {
  const tag = `passed.${formation}.${destination}`;
  return { repository: snapshotsRepository(registry), tag, kind: 'lasting' };
}

/** The newest verdict at a destination, whatever its snapshot. */
function latestMark(registry: string, { formation, destination }: ReleaseTarget): Mark {
  const tag = `verdict.${formation}.${destination}`;
  return { repository: snapshotsRepository(registry), tag, kind: 'lasting' };
}

/**
 * Records in the registry what became of a snapshot at one destination: `snapshots:<tag>.<formation>.<destination>` holds the
 * verdict, `snapshots:verdict.<formation>.<destination>` is the same one until there is a newer one, and after a success
 * `snapshots:passed.<formation>.<destination>` names the snapshot, for promotion.
 * @throws SlipwayError `snapshot-replaced` if the registry's snapshot of that tag is not the given one, `verdict-invalid` for
 * a verdict without destination or on another release, or on a deployment tag such as `hold`, whose verdicts would have the tags of
 * holds
 */
export async function pushVerdict(
  client: RegistryClient,
  snapshot: Snapshot,
  verdict: Verdict,
): Promise<void> {
  const target = targetOf(snapshot, verdict);
  if (!isDeploymentTag(snapshot.deploymentTag))
    throw invalidVerdict(snapshot.deploymentTag, 'its tag would be that of a mark');
  const stored = await findSame(client, snapshot);
  const [own, latest] = [verdictMark(snapshot, target), latestMark(snapshot.registry, target)];
  await refuseSnapshotTag(client, own);
  const manifest = await uploadArtifact(client, own.repository, {
    type: VERDICT_ARTIFACT_TYPE,
    fileName: 'verdict.json',
    content: `${JSON.stringify(verdict, null, 2)}\n`,
    subject: stored.manifest,
  });
  await writeMark(client, own, manifest);
  if (verdict.verdict === 'succeeded')
    await writeMark(client, passedMark(snapshot.registry, target), stored.manifest);
  await refuseSnapshotTag(client, latest);
  await writeMark(client, latest, manifest);
}

/**
 * The verdict that was pushed last for a destination, whatever its snapshot: what is known of it where its cluster does not answer.
 * @throws SlipwayError `verdict-invalid` for one of another application or destination and for what is not a verdict,
 * `artifact-unverified`
 */
export async function readLatestVerdict(
  client: RegistryClient,
  { registry, application }: SnapshotHome,
  target: ReleaseTarget,
): Promise<Verdict | undefined> {
  return await readMark(client, latestMark(registry, target), async reference => {
    const stored = await readArtifact(client, reference, VERDICT_ARTIFACT_TYPE);
    if (stored === undefined) {
      if ((await findManifest(client, reference)) === undefined) return undefined;
      throw invalidVerdict(formatReference(reference), 'something else has its tag');
    }
    const verdict = parseVerdict(stored.content, formatReference(reference));
    const { formation, destination } = verdict;
    if (
      verdict.application === application &&
      formation === target.formation &&
      destination === target.destination
    )
      return verdict;
    throw invalidVerdict(formatReference(reference), 'it is about another application or destination');
  });
}

/**
 * The registry's copy of a snapshot that came from elsewhere, such as a file between two jobs.
 * @throws SlipwayError `snapshot-replaced` if there is none or another one, `artifact-unverified` with keys if it is not signed
 */
export async function findSame(client: RegistryClient, snapshot: Snapshot): Promise<StoredSnapshot> {
  const stored = await findSnapshot(client, snapshot, snapshot.deploymentTag);
  if (stored !== undefined && isSameSnapshot(stored.snapshot, snapshot)) return stored;
  throw replaced(snapshot.deploymentTag);
}

function targetOf(snapshot: Snapshot, verdict: Verdict): ReleaseTarget {
  const { application, formation, destination, deploymentTag } = verdict;
  if (
    destination !== undefined &&
    application === snapshot.application &&
    deploymentTag === snapshot.deploymentTag
  )
    return { formation, destination };
  throw invalidVerdict(snapshot.deploymentTag, 'it is not about this snapshot at one destination');
}

/** A deployment tag such as `v1.staging.main` could be the tag of a verdict on `v1`: a verdict must not replace it. */
export async function refuseSnapshotTag(client: RegistryClient, { repository, tag }: Mark): Promise<void> {
  const reference = { ...repository, tag };
  const existing = await findManifest(client, reference);
  if (existing?.content['artifactType'] === SNAPSHOT_ARTIFACT_TYPE)
    throw invalidVerdict(formatReference(reference), 'a snapshot has its tag');
}

/**
 * The snapshot that last succeeded at a destination, or undefined if none did.
 * @throws SlipwayError `snapshot-foreign`, `snapshot-invalid`; `snapshot-replaced` if its deployment tag names another
 * snapshot by now, which did not pass; `artifact-unverified` with keys if no signed verdict says that it passed
 */
export async function readPassed(
  client: RegistryClient,
  home: SnapshotHome,
  target: ReleaseTarget,
): Promise<Snapshot | undefined> {
  const passed = await findPassed(client, home, target);
  if (passed !== undefined && client.recordKeys !== undefined) await requireVerdict(client, passed, target);
  return passed?.snapshot;
}

/** A snapshot that succeeded at a destination, and the verdict that says so. */
export interface Passed {
  readonly snapshot: Snapshot;
  readonly verdict: Verdict;
}

/**
 * As `readPassed`, with the verdict of that success: it says with which configuration. A later failure with the same snapshot has
 * taken its tag, and then that is not known any more.
 * @throws SlipwayError as `readPassed`, and `verdict-invalid` if there is no such verdict
 */
export async function readPassedVerdict(
  client: RegistryClient,
  home: SnapshotHome,
  target: ReleaseTarget,
): Promise<Passed | undefined> {
  const passed = await findPassed(client, home, target);
  if (passed === undefined) return undefined;
  const verdict = await readVerdictOn(client, passed, target);
  if (verdict?.verdict === 'succeeded') return { snapshot: passed.snapshot, verdict };
  throw invalidVerdict(
    passed.snapshot.deploymentTag,
    verdict === undefined ? 'it was removed' : `a later run with this snapshot ended as ${verdict.verdict}`,
  );
}

/** The snapshot that the mark of a destination names, if its deployment tag still names the same. */
async function findPassed(
  client: RegistryClient,
  home: SnapshotHome,
  target: ReleaseTarget,
): Promise<StoredSnapshot | undefined> {
  const passed = await readMark(client, passedMark(home.registry, target), ({ tag = '' }) =>
    findSnapshotAt(client, home, tag),
  );
  if (passed === undefined) return undefined;
  const { deploymentTag } = passed.snapshot;
  const current = await findSnapshot(client, home, deploymentTag);
  if (current?.manifest.digest !== passed.manifest.digest) throw replaced(deploymentTag);
  return passed;
}

/** The mark is a tag that everyone who can push may move; with keys, only the signed verdict that goes with it counts. */
async function requireVerdict(
  client: RegistryClient,
  passed: StoredSnapshot,
  target: ReleaseTarget,
): Promise<void> {
  const verdict = await readVerdictOn(client, passed, target);
  if (verdict?.verdict === 'succeeded') return;
  const { repository, tag } = passedMark(passed.snapshot.registry, target);
  throw unverifiedMark(formatReference({ ...repository, tag }));
}

/**
 * The newest verdict on a snapshot at a destination, or undefined if it was never verified there.
 * @throws SlipwayError `verdict-invalid` for one that is about something else
 */
export async function readVerdict(
  client: RegistryClient,
  home: SnapshotHome,
  deploymentTag: string,
  target: ReleaseTarget,
): Promise<Verdict | undefined> {
  const snapshot = await findSnapshot(client, home, deploymentTag);
  return snapshot === undefined ? undefined : await readVerdictOn(client, snapshot, target);
}

/**
 * The destinations of a formation at which a snapshot has not succeeded in its current form.
 * @throws SlipwayError `snapshot-replaced` if the registry's snapshot of that tag is not the given one
 */
export async function destinationsNotPassed(
  client: RegistryClient,
  snapshot: Snapshot,
  formation: string,
  destinations: readonly string[],
): Promise<string[]> {
  const verdicts = await verdictsOn(client, snapshot, formation, destinations);
  return destinations.filter(destination => verdicts.get(destination)?.verdict !== 'succeeded');
}

/**
 * The newest verdicts on a snapshot in its current form, by destination of a formation; none for one where it was never verified.
 * @throws SlipwayError `snapshot-replaced` if the registry's snapshot of that tag is not the given one, `verdict-invalid`
 */
export async function verdictsOn(
  client: RegistryClient,
  snapshot: Snapshot,
  formation: string,
  destinations: readonly string[],
): Promise<ReadonlyMap<string, Verdict>> {
  const stored = await findSame(client, snapshot);
  const found = await inParallel(
    destinations,
    async destination =>
      [destination, await readVerdictOn(client, stored, { formation, destination })] as const,
    PARALLEL_LOOKUPS,
  );
  return new Map(
    found.flatMap(([destination, verdict]) => (verdict === undefined ? [] : [[destination, verdict]])),
  );
}

/** As `readVerdict`, of a snapshot that was found. */
export async function readVerdictOn(
  client: RegistryClient,
  { snapshot, manifest }: StoredSnapshot,
  target: ReleaseTarget,
): Promise<Verdict | undefined> {
  return await readMark(client, verdictMark(snapshot, target), async reference => {
    const stored = await readArtifact(client, reference, VERDICT_ARTIFACT_TYPE);
    if (stored === undefined || !isAbout(stored.manifest, manifest)) return undefined;
    const verdict = parseVerdict(stored.content, formatReference(reference));
    const { formation, destination } = targetOf(snapshot, verdict);
    if (formation === target.formation && destination === target.destination) return verdict;
    throw invalidVerdict(formatReference(reference), 'it is about another destination');
  });
}

/** A verdict on a snapshot that was replaced meanwhile does not apply to the one that has its tag now. */
function isAbout(verdict: Manifest, snapshot: Manifest): boolean {
  const subject = verdict.content['subject'];
  return isJsonObject(subject) && subject['digest'] === snapshot.digest;
}

function replaced(deploymentTag: string): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'snapshot-replaced',
    message: `the registry's snapshot ${quote(deploymentTag)} was removed or replaced`,
    remedy: 'build again with another deployment tag',
  });
}

function invalidVerdict(what: string, reason: string): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'verdict-invalid',
    message: `the verdict on ${quote(what)} cannot be used: ${reason}`,
    remedy: 'verify the release again',
  });
}
