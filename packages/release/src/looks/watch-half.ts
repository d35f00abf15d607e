import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import {
  type Clock,
  defined,
  type Logger,
  parseDuration,
  type RecordedObject,
  type Release,
  SlipwayError,
} from '@slipway/core';
import { type KubernetesObject, objectKey } from '@slipway/kubernetes';
import {
  type CheckChange,
  formationTerms,
  type RolloutChange,
  type RolloutResult,
  type RunnableCheck,
  watchRollout,
} from '@slipway/rollout';
import { type Health, sendsTo, type Watched, type WatchTerms } from '@slipway/steps';
import { watchedObjects } from '../health/watched-objects.ts';
import { readStableRecord } from '../records/stable-record.ts';

export interface WatchHalfOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly onChange?: ((change: RolloutChange) => void) | undefined;
  /** What is asked of stable once the commit has made it ready. */
  readonly checksAtCommit?: readonly RunnableCheck[] | undefined;
  readonly onCheck?: ((change: CheckChange) => void) | undefined;
  /** Is called with what was seen in the end of each watch. */
  readonly onResult?: ((result: RolloutResult) => void) | undefined;
}

const STABLE_FOR = 30_000;
const TIMEOUT = 10 * 60_000;
/** Milliseconds for which a first glance waits for pods that are about to be ready. */
const GLANCE = 10_000;
/** Milliseconds for which the API server may be away before the run gives up, and how often it is asked. */
const AWAY = 10 * 60_000;
const ASK_AGAIN = 5_000;
/** Milliseconds that a watch may take beside what it waits for. */
const SLACK = 5_000;

/**
 * Watches the copies with the first half, or all else of a release, until they have been ready for long enough or have failed. What it
 * took longer than that is lost: pods were not ready, or the API server was away.
 */
export async function watchHalf(
  release: Release,
  { what, stableFor }: WatchTerms,
  options: WatchHalfOptions,
): Promise<Watched> {
  const began = performance.now();
  const terms = termsOf(release, stableFor);
  const result = await whileAway(options, () => watchOnce(release, what, terms, options));
  options.onResult?.(result);
  const over = performance.now() - began - terms.stableFor;
  const lost = over > SLACK ? Math.round(over) : 0;
  return { health: healthOf(result, stableFor === 0), lost };
}

interface HalfTerms {
  readonly stableFor: number;
  readonly timeout: number;
}

/** As the first verify-rollout has set them, else as the formation says. */
function termsOf({ steps, verify }: Release, stableFor: number | undefined): HalfTerms {
  const said = (name: 'stable-for' | 'timeout'): number | undefined => {
    const text = steps?.terms?.[name] ?? verify?.[name];
    return text === undefined ? undefined : parseDuration(text);
  };
  return {
    stableFor: stableFor ?? said('stable-for') ?? STABLE_FOR,
    timeout: stableFor === 0 ? GLANCE : (said('timeout') ?? TIMEOUT),
  };
}

async function watchOnce(
  release: Release,
  what: WatchTerms['what'],
  terms: HalfTerms,
  { client, clock, signal, logger, onChange, onCheck, checksAtCommit }: WatchHalfOptions,
): Promise<RolloutResult> {
  const isCommit = what === 'stable' && release.steps?.phase === 'committing';
  const watched = what === 'copy' ? copiesOf(release) : await othersOf(client, release);
  return await watchRollout({
    ...{ client, clock, signal, logger, ...defined({ onChange, onCheck }) },
    ...(isCommit ? defined({ checks: checksAtCommit }) : {}),
    ...terms,
    ...(await formationTerms(release.verify)),
    objects: watchedObjects(client, watched),
    since: new Date(release.created),
  });
}

/** A step looks at copies and the first half only. */
function copiesOf(release: Release): Release {
  const objects = release.objects.filter(object =>
    object.copyOf === undefined ? isFirst(object) : isWanted(object, release),
  );
  return { ...release, objects };
}

/** A worker has no copy before the first share, and then its Service has nothing to send to. */
function isWanted({ kind, copyOf = '' }: RecordedObject, { steps, manifests }: Release): boolean {
  const { sizes = {} } = steps?.target ?? {};
  if (kind === 'Deployment') return (sizes[copyOf] ?? 0) > 0;
  if (kind !== 'Service') return true;
  const objects = manifests as unknown as readonly KubernetesObject[];
  const service = objects.find(object => object.kind === kind && object.metadata.name === copyOf);
  return objects.some(
    object =>
      object.kind === 'Deployment' &&
      (sizes[object.metadata.name] ?? 0) > 0 &&
      (service === undefined || sendsTo(service, object)),
  );
}

function isFirst({ half, written }: RecordedObject): boolean {
  return half === 'first' && written;
}

/** What serves: the release itself, or after a rollback the one that it had begun to replace. Held objects are narrowed until the end. */
async function othersOf(client: ClusterClient, release: Release): Promise<Release> {
  const { steps } = release;
  const isBack = steps?.phase === 'undoing';
  const serving = isBack ? await readStableRecord(client, release) : release;
  if (isBack && steps.times['commit-began'] === undefined) return createdAgain(release, serving);
  const held = new Set(
    (steps?.held ?? []).map(({ apiVersion, kind, name }) =>
      objectKey({ apiVersion, kind, name, namespace: release.namespace }),
    ),
  );
  return {
    ...serving,
    objects: serving.objects.filter(object => object.copyOf === undefined && !held.has(objectKey(object))),
  };
}

/**
 * Before the commit stable is watched only where the undo has created its workloads again. By its record those would be gone for good,
 * and what else it has is not taken back yet.
 */
function createdAgain({ namespace, steps }: Release, stable: Release): Release {
  const workloads = new Set(
    steps?.stable.workloads.map(({ name }) =>
      objectKey({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name }),
    ),
  );
  const own = stable.objects.filter(object => workloads.has(objectKey(object)));
  return { ...stable, objects: own.map(({ uid: _uid, generation: _generation, ...object }) => object) };
}

/** At a glance, what is not ready yet has not failed for that. */
function healthOf({ verdict, summary }: RolloutResult, isGlance: boolean): Health {
  if (verdict === 'succeeded') return { state: 'ready' };
  const isOpen = verdict === 'timed-out' && isGlance;
  return { state: isOpen ? 'progressing' : 'failed', message: summary };
}

async function whileAway<Result>(
  { signal, logger }: WatchHalfOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const began = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isAway = error instanceof SlipwayError && error.code === 'cluster-unreachable';
      if (!isAway || performance.now() - began > AWAY) throw error;
      logger.info('The API server is away; the time until it is back does not count');
      await sleep(ASK_AGAIN, undefined, { signal });
    }
  }
}
