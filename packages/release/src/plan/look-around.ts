import type { ClusterClient } from '@slipway/cluster';
import type { Problem, Release } from '@slipway/core';
import { isSecret, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { collectRefusal, unlessForbidden } from '../cluster/expected-errors.ts';
import { type KindsOfServer, readMembers, resourceKey } from '../cluster/live.ts';
import { namespaceProblems, terminatingNamespaces } from '../cluster/namespace.ts';
import type { HashKey } from '../content/name-by-content.ts';
import { applySetId } from '../names.ts';
import { assertWhole } from '../records/contradictions.ts';
import { readHashKey } from '../records/hash-key.ts';
import { isInSteps, releaseInSteps } from '../records/in-steps.ts';
import { readParent } from '../records/inventory.ts';
import { readLive } from '../records/live-release.ts';
import { listReleases, readRelease } from '../records/records.ts';
import type { Access } from '../refusals/access.ts';
import { type ComparedRights, compareRights, neededRights } from '../refusals/rights.ts';
import type { ReleaseRequest, ResolvedObject } from '../request.ts';
import { supersededBefore } from './before-deploy.ts';
import { readScaleTargets, type ScaleTargets } from './scale-targets.ts';

/** The formation's newest release, as far as the credentials may read it. */
interface History {
  /** 0 if there is no release yet. */
  readonly latest: number;
  readonly newest: Release | undefined;
  /** What is live: the newest one, unless that was undone before its commit. */
  readonly previous: Release | undefined;
  /** While one in steps is open: how many in a row before it were superseded without a commit. */
  readonly superseded: number;
  /** Why its record cannot be read, or may not be built upon. */
  readonly recordProblems: readonly Problem[];
}

/** What the cluster answers about a release before any of its objects is compared. */
export interface Surroundings extends History {
  readonly namespaceProblems: readonly Problem[];
  /** Other namespaces of the release that are being deleted. */
  readonly terminating: ReadonlySet<string>;
  /** The parent of the formation's inventory; undefined if there is none or it may not be read. */
  readonly parent: KubernetesObject | undefined;
  readonly scaleTargets: ScaleTargets;
  /** Rights that the release needs, and what the credentials have and lack. */
  readonly rights: ComparedRights;
  /** Absent if no Secret can be named by its content. */
  readonly key: HashKey | undefined;
}

const NO_HISTORY: History = {
  ...{ latest: 0, newest: undefined, previous: undefined, superseded: 0, recordProblems: [] },
};

/** Reads everything that does not depend on the state of any object, all requests at once. */
export async function lookAround(
  client: ClusterClient,
  request: ReleaseRequest,
  resolved: readonly ResolvedObject[],
  { resources }: KindsOfServer,
): Promise<Surroundings> {
  const { identity, restores } = request;
  const objects = resolved.map(({ object }) => object);
  const needsKey = restores === undefined && objects.some(isSecret);
  const [history, ofNamespace, terminating, parent, scaleTargets, rights, key] = await Promise.all([
    unlessForbidden(readHistory(client, request)),
    namespaceProblems(client, identity.namespace),
    terminatingNamespaces(client, objects, identity.namespace),
    unlessForbidden(readParent(client, identity)),
    readScaleTargets(client, objects, resources),
    compareRights(client, [
      ...neededRights(objects, resources, identity.namespace),
      ...(request.rights ?? []),
    ]),
    needsKey ? readHashKey(client, identity) : undefined,
  ]);
  const found = { terminating, parent, scaleTargets, rights, key };
  return { ...(history ?? NO_HISTORY), namespaceProblems: ofNamespace, ...found };
}

async function readHistory(
  client: ClusterClient,
  { identity, restores, continues }: ReleaseRequest,
): Promise<History> {
  const [newest, ...earlier] = await listReleases(client, identity);
  const latest = newest?.number ?? 0;
  const recordProblems: Problem[] = [];
  const read = async (): Promise<Release | undefined> => {
    const release = await unlessForbidden(readRelease(client, identity, latest));
    // Once something is destroyed there is one record, which lists only what is left.
    if (release !== undefined && earlier.length > 0) assertWhole(release);
    return release;
  };
  const found = latest === 0 ? undefined : await collectRefusal(recordProblems, undefined, read);
  if (found === undefined) return { ...NO_HISTORY, latest, recordProblems };
  // A deploy says itself what it does about it, once it is known what it would deploy.
  if (isInSteps(found) && restores !== undefined && continues !== found.number)
    recordProblems.push(releaseInSteps(found));
  const live = await collectRefusal(recordProblems, undefined, () => readLive(client, found, earlier));
  // The Jobs of the first half have run, whether the release has served yet or not.
  const previous = live && continues === found.number ? withJobsOf(live, found) : live;
  const superseded = isInSteps(found) ? await supersededBefore(client, found, earlier) : 0;
  return { latest, newest: found, previous, superseded, recordProblems };
}

function withJobsOf(live: Release, { jobs }: Release): Release {
  return { ...live, jobs: { ...live.jobs, ...jobs } };
}

/** The live objects of the formation's set, of the kinds that the release has; none if the cluster is not the destination. */
export async function readOwnMembers(
  client: ClusterClient,
  { identity }: ReleaseRequest,
  resolved: readonly ResolvedObject[],
  { resources }: KindsOfServer,
  { level }: Access,
): Promise<ReadonlyMap<string, KubernetesObject>> {
  if (level === 'none') return new Map();
  const served = resolved.filter(({ object }) => resources.has(resourceKey(object)));
  const references = served.map(({ object }) => referenceTo(object));
  return await readMembers(client, applySetId(identity, identity.namespace), references);
}
