import {
  API_VERSION,
  type ApplicationStatus,
  defined,
  inParallel,
  type LiveRelease,
  once,
  SlipwayError,
  throwIfAny,
  worstState,
} from '@slipway/core';
import { type ObservedFormation, observeFormation, type StatusNote, serverProblems } from '@slipway/release';
import { type ChosenTargets, chosenTargets } from '../formation/chosen-targets.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { clusterOf } from '../modes/with-formation.ts';
import type { FormationChoice } from '../request.ts';
import { askedFor } from '../spawned/instances-asked.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { alikeIn } from './alike.ts';
import { findBehind } from './behind.ts';
import { destinationStatus } from './destination-status.ts';
import type { CommitHistory } from './history.ts';
import { instancesStatus, stateOfInstances } from './instances-status.ts';
import { readLastKnown } from './last-known.ts';
import type { BehindFound, SeenDestination, StatusRegistry } from './seen.ts';

export interface StatusRequest extends FormationChoice {
  /** Used in place of `spec.registry` of slipway.yaml; empty for none. */
  readonly registry: string;
}

export interface StatusSurroundings extends DeliverySurroundings {
  readonly history: CommitHistory;
  /** The address of the repository's page; empty outside of GitHub. */
  readonly repositoryUrl: string;
}

/** How many destinations are looked at at a time: each sends several requests at once. */
const CONCURRENCY = 8;

/**
 * Looks at every destination of an application. One that does not answer is `unknown`, with the reason and with what the registry knows
 * of it, and does not keep the others from being shown. Instances are listed beside that, and count in the state only where nothing
 * else was asked for: what a pull request runs says nothing of what is released.
 * @throws SlipwayError for files that are broken, and names that they do not have
 */
export async function readApplicationStatus(
  request: StatusRequest,
  surroundings: StatusSurroundings,
): Promise<ApplicationStatus> {
  const { spawning, others } = await askedFor(request, surroundings);
  const [first] = spawning;
  const targets: ChosenTargets =
    others !== undefined || first === undefined
      ? await chosenTargets(others ?? request, surroundings)
      : { application: first.identity.application, targets: [] };
  const registry = registryOf(targets, request, surroundings);
  const seen = await inParallel(targets.targets, target => look(target, registry, surroundings), CONCURRENCY);
  const instances = await inParallel(spawning, target => instancesStatus(target, surroundings), CONCURRENCY);
  const behind = await findBehind(seen, registry, surroundings.history);
  const now = surroundings.clock();
  const destinations = seen.map((one, index) => destinationStatus(one, behind[index] as BehindFound, now));
  return {
    apiVersion: API_VERSION,
    kind: 'Status',
    application: targets.application,
    ...defined({ repository: surroundings.repositoryUrl || undefined }),
    ...defined({ run: surroundings.run.url || undefined }),
    at: now.toISOString(),
    state:
      destinations.length === 0 && instances.length > 0
        ? stateOfInstances(instances)
        : worstState(destinations.map(({ state }) => state)),
    destinations,
    alike: alikeIn(destinations, seen),
    ...(instances.length === 0 ? {} : { instances }),
  };
}

function registryOf(
  { application, repository }: ChosenTargets,
  request: StatusRequest,
  { openRegistry }: StatusSurroundings,
): StatusRegistry | undefined {
  const registry = request.registry || repository?.application.spec.registry;
  return registry === undefined ? undefined : { home: { registry, application }, open: once(openRegistry) };
}

async function look(
  target: FoundFormation,
  registry: StatusRegistry | undefined,
  surroundings: StatusSurroundings,
): Promise<SeenDestination> {
  const lastKnown = () => registry && readLastKnown(registry, target, surroundings.clock());
  try {
    const observed = await observedAt(target, surroundings);
    const { release, isRecorded } = observed;
    if (release !== undefined) return { target, observed, live: liveOf(release, isRecorded) };
    // An empty namespace may be a new one in place of one that was lost.
    const known = await lastKnown();
    return { target, observed, live: known?.live, lastKnown: known };
  } catch (error) {
    surroundings.signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    const known = await lastKnown();
    return { target, problems: error.problems, live: known?.live, lastKnown: known };
  }
}

async function observedAt(
  target: FoundFormation,
  surroundings: StatusSurroundings,
): Promise<ObservedFormation> {
  const { identity, checkout } = target;
  const client = await surroundings.openCluster(clusterOf(target));
  try {
    throwIfAny(serverProblems(client, { server: checkout?.destination.cluster?.server }));
    const { clock, signal, logger } = surroundings;
    const verify = checkout?.formation.spec.verify;
    return await observeFormation({ client, owner: identity, verify, clock, signal, logger });
  } finally {
    client.close();
  }
}

function liveOf(release: StatusNote, isRecorded: boolean): LiveRelease {
  const { number, deploymentTag, commit, configCommit, beside, deployed, verdict, closed } = release;
  const { actor, run, reason, rollbackOf, restores } = release;
  return {
    source: isRecorded ? 'record' : 'note',
    release: number,
    ...defined({ deploymentTag, commit, configCommit, since: deployed || undefined, by: actor, why: reason }),
    ...defined({ beside, run, verdict, verified: closed, rollbackOf, restores }),
  };
}
