import type { ClusterClient } from '@slipway/cluster';
import type { CheckResult, ObjectVerdict, Release } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { APPLICATION, describeObject, FORMATION } from '@slipway/kubernetes';
import { newestBeside, recordNumber, unfinishedReason, watchedObjects } from '@slipway/release';
import {
  type CheckChange,
  type RolloutChange,
  type RolloutResult,
  type Successor,
  type WatchedObject,
  watchRollout,
} from '@slipway/rollout';
import type { WatchPlan } from '../plan/watch-plan.ts';
import { Progress } from './progress.ts';

export interface WatchRequest {
  readonly client: ClusterClient;
  readonly objects: readonly WatchedObject[];
  readonly plan: WatchPlan;
  /** When it was deployed; earlier events are ignored. */
  readonly since?: Date | undefined;
  /** What would make it superseded. */
  readonly successor?: Successor | undefined;
  /** Why it was not written completely. */
  readonly unfinished?: string | undefined;
}

export interface Watched {
  readonly result: RolloutResult;
  readonly changes: readonly RolloutChange[];
  readonly checks: readonly CheckChange[];
}

/** Watches objects, reports each change as it happens, and at the end the evidence for those that failed. */
export async function watch({ plan, ...request }: WatchRequest, runner: Runner): Promise<Watched> {
  const clock = (): Date => new Date();
  const progress = new Progress(runner.logger, clock());
  const { stableFor, timeout, deadline, windows, rules, checks } = plan;
  try {
    const result = await watchRollout({
      ...request,
      stableFor,
      timeout,
      deadline,
      windows,
      rules,
      checks,
      clock,
      signal: runner.signal,
      logger: runner.logger,
      onChange: change => progress.note(change),
      onCheck: change => progress.noteCheck(change),
    });
    for (const object of result.objects) await logEvidence(describeObject(object.object), object, runner);
    for (const check of result.checks) await logEvidence(`check ${check.name}`, check, runner);
    return { result, changes: progress.changes, checks: progress.checks };
  } finally {
    progress.end();
  }
}

async function logEvidence(
  name: string,
  { evidence = [] }: Pick<ObjectVerdict | CheckResult, 'evidence'>,
  runner: Runner,
): Promise<void> {
  if (evidence.length === 0) return;
  await runner.group(`Evidence for ${name}`, async () => {
    for (const { title, lines } of evidence)
      runner.logger.info([title, ...lines.map(line => `  ${line}`)].join('\n'));
  });
}

export interface ReleaseRequest {
  readonly client: ClusterClient;
  readonly release: Release;
  readonly plan: WatchPlan;
}

export async function watchRelease(
  { client, release, plan }: ReleaseRequest,
  runner: Runner,
): Promise<Watched> {
  const since = new Date(release.created);
  const successor = successorOf(release, await newestBeside(client, release));
  const unfinished = unfinishedReason(release);
  return await watch(
    { client, objects: watchedObjects(client, release), plan, since, successor, unfinished },
    runner,
  );
}

/**
 * The record of a newer release of the same formation.
 * @param beside the number up to which releases in steps were undone, or have only added copies, which replaces nothing
 */
export function successorOf(release: Release, beside: number): Successor {
  const { application, formation, namespace } = release;
  return {
    kind: { apiVersion: 'v1', kind: 'Secret' },
    namespace,
    labelSelector: `${APPLICATION}=${application},${FORMATION}=${formation}`,
    isSuccessor: name => (recordNumber(release, name) ?? 0) > beside,
  };
}
