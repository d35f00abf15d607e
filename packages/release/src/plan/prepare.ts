import type { ClusterClient } from '@slipway/cluster';
import type { Problem, RecordedObject, RecordedSecret, Release } from '@slipway/core';
import { referenceTo } from '@slipway/kubernetes';
import { collectRefusal } from '../cluster/expected-errors.ts';
import { readResources } from '../cluster/live.ts';
import type { HashKey } from '../content/name-by-content.ts';
import { nameRelease } from '../content/name-release.ts';
import type { ReplicasByKey } from '../objects/autoscaling.ts';
import { leavingObjects } from '../records/leaving.ts';
import { type Access, accessTo, isBlind } from '../refusals/access.ts';
import type { ComparedRights, Right } from '../refusals/rights.ts';
import type { OpenedSecrets, ReleaseRequest, Unseal } from '../request.ts';
import { type BeforeDeploy, beforeDeploy, openProblems } from './before-deploy.ts';
import { compareObjects } from './compare-objects.ts';
import type { PreparedObject } from './compared.ts';
import { decideReplicas } from './decide-replicas.ts';
import { lookAround, readOwnMembers } from './look-around.ts';
import { prepareSteps } from './prepare-steps.ts';
import type { PreparedSteps } from './prepared-steps.ts';
import { requestProblems } from './request-problems.ts';
import { resolveObjects } from './resolve-objects.ts';
import { withTracks } from './with-tracks.ts';

export interface PrepareOptions {
  readonly client: ClusterClient;
  readonly request: ReleaseRequest;
  /** Opens the secrets. Without it, their content is assumed to be that of the live Secrets. */
  readonly openSecrets?: (() => Promise<OpenedSecrets>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a release would do, and every reason to refuse it. Nothing has been written. */
export interface PreparedRelease {
  readonly request: ReleaseRequest;
  readonly objects: readonly PreparedObject[];
  /** How many objects are missing from them, because they were refused instead of compared. */
  readonly notCompared: number;
  /** Every refusal, in the order of the objects; a release with one must not be applied. */
  readonly problems: readonly Problem[];
  /** How it reaches its users, for a formation with a strategy; an ordinary release without one. */
  readonly steps?: PreparedSteps | undefined;
  /** The number of the newest release at that time; if there is a newer one by now, the release must be prepared again. */
  readonly latest: number;
  /** The record of that release, if it can be read. */
  readonly newest: Release | undefined;
  /** The record of the live release, if it can be read: the newest one, unless that was undone before its commit. */
  readonly previous: Release | undefined;
  /** Objects of earlier releases that are not in this one. */
  readonly leaving: readonly RecordedObject[];
  /** Rights that the credentials lack. */
  readonly missing: readonly Right[];
  /** Every right that it needs, and what the credentials have, for the Roles that would grant what is missing. */
  readonly rights: ComparedRights;
  readonly replicas: ReplicasByKey;
  /** Opens Secrets under the names that they have in `objects`. */
  readonly unseal: Unseal | undefined;
  /** What is done first about an open release in steps; undefined where none is open. */
  readonly before?: BeforeDeploy | undefined;
  /** Which versions of its secrets were read; none if they were not opened. */
  readonly secrets: readonly RecordedSecret[];
  /** The key that its Secrets are named with; must be stored before anything is written. Absent if there are no Secrets. */
  readonly hashKey: HashKey | undefined;
}

/**
 * Compares a release with the cluster by reading and by the server's dry runs, and collects every reason to refuse it.
 * @throws SlipwayError `cluster-unreachable`, `cluster-unauthorized`; whatever is wrong with the release itself is in `problems`
 */
export async function prepareRelease(options: PrepareOptions): Promise<PreparedRelease> {
  const { client, request } = options;
  const kinds = await readResources(
    client,
    request.objects.map(({ object }) => object),
  );
  const resolved = resolveObjects(request, kinds);
  const surroundings = await lookAround(client, request, resolved, kinds);
  const access = accessTo(client, request, {
    namespaceProblems: surroundings.namespaceProblems,
    lacking: surroundings.rights.lacking,
  });
  const refused = requestProblems(request, resolved, surroundings);
  const opened = await openSecrets(options, access);
  const members = await readOwnMembers(client, request, resolved, kinds, access);
  const byContent = nameRelease(request, resolved, {
    ...surroundings,
    members,
    unseal: opened.unseal,
    isBlind: isBlind(access),
  });
  const facts = { client, request, previous: surroundings.previous, members };
  const named = { ...byContent, objects: await withTracks(byContent.objects, facts) };
  const leaving = leavingObjects(
    surroundings.previous,
    named.objects.map(({ object }) => referenceTo(object)),
  );
  const replicas = decideReplicas(
    named.objects.map(({ object }) => object),
    { found: surroundings.scaleTargets, request, previous: surroundings.previous, leaving },
  );
  const release = { ...request, seals: named.seals };
  const compared = await compareObjects({
    client,
    request: release,
    signal: options.signal,
    kinds,
    access,
    members,
    named,
    replicas,
    terminating: surroundings.terminating,
    previous: surroundings.previous,
    newest: surroundings.newest,
  });
  const inSteps = await prepareSteps({
    client,
    request: release,
    objects: compared.objects,
    all: named.objects.map(({ object }) => object),
    members,
    previous: surroundings.previous,
    autoscalers: surroundings.scaleTargets.autoscalers,
    isFull: access.level === 'full',
  });
  const before = beforeDeploy({ ...surroundings, request: release, objects: compared.objects });
  return {
    request: release,
    objects: compared.objects,
    notCompared: named.objects.length - compared.objects.length,
    problems: [
      ...access.problems,
      ...refused,
      ...opened.problems,
      ...compared.problems,
      ...openProblems(before),
      // What is open changes them: they are asked once it is closed.
      ...(before === undefined ? (inSteps?.problems ?? []) : []),
    ],
    before,
    steps: inSteps?.steps,
    latest: surroundings.latest,
    newest: surroundings.newest,
    previous: surroundings.previous,
    leaving,
    missing: access.missing,
    rights: surroundings.rights,
    replicas,
    unseal: named.unseal,
    secrets: opened.secrets,
    hashKey: surroundings.key,
  };
}

/** Opens the secrets, but only with full access to the destination, so that none is fetched in vain. */
async function openSecrets(
  { openSecrets: open }: PrepareOptions,
  { level }: Access,
): Promise<Pick<PreparedRelease, 'unseal' | 'secrets' | 'problems'>> {
  if (open === undefined || level !== 'full') return { unseal: undefined, secrets: [], problems: [] };
  const problems: Problem[] = [];
  const opened = await collectRefusal(problems, undefined, open);
  return { unseal: opened?.unseal, secrets: opened?.versions ?? [], problems };
}
