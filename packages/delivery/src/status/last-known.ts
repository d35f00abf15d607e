import { defined, hasRemoved, isInForce, type LiveRelease, SlipwayError, type Verdict } from '@slipway/core';
import type { RegistryClient, SnapshotHome } from '@slipway/registry';
import type { FoundFormation } from '../formation/found-formation.ts';
import { leftBy } from '../live/left-by.ts';
import type { LastKnown, PassedSnapshot, StatusRegistry } from './seen.ts';

/** What the registry has of a destination of which its cluster says nothing: its newest verdict, or that it was removed since, and its hold. */
export async function readLastKnown(
  { home, open }: StatusRegistry,
  { identity }: FoundFormation,
  now: Date,
): Promise<LastKnown> {
  const { formation, destination } = identity;
  if (destination === undefined) return {};
  const { readLatestVerdict, readRemoval, readStoredHold } = await import('@slipway/registry');
  const target = { formation, destination };
  const [known, hold] = await Promise.all([
    orProblem(async () => {
      const registry = await open();
      const verdict = await readLatestVerdict(registry, home, target);
      if (verdict === undefined) return {};
      const removed = await readRemoval(registry, home, target);
      const isRemoved = removed !== undefined && hasRemoved(removed, verdict);
      if (isRemoved && removed.incomplete === undefined) return { removed };
      return { live: await liveOf(registry, home, verdict), ...(isRemoved ? { removed } : {}) };
    }),
    orProblem(async () => readStoredHold(await open(), home, target)),
  ]);
  const inForce = hold.result !== undefined && isInForce(hold.result, now) ? hold.result : undefined;
  return defined({ ...known.result, hold: inForce, problem: known.problem ?? hold.problem });
}

/** The snapshot that last succeeded at a destination, by its tag and its commits. */
export async function lastPassed(
  { home, open }: StatusRegistry,
  target: { readonly formation: string; readonly destination: string },
): Promise<Answer<PassedSnapshot | undefined>> {
  const { readPassed, readVerdict } = await import('@slipway/registry');
  return await orProblem(async () => {
    const registry = await open();
    const passed = await readPassed(registry, home, target);
    if (passed === undefined) return undefined;
    const { deploymentTag, gitRevision: commit } = passed;
    // A later failure with the same snapshot has taken the tag of its verdict.
    const { result: verdict } = await orProblem(() => readVerdict(registry, home, deploymentTag, target));
    const configCommit = verdict?.verdict === 'succeeded' ? verdict.configRevision : undefined;
    return defined({ deploymentTag, commit, configCommit });
  });
}

async function liveOf(
  registry: RegistryClient,
  home: SnapshotHome,
  verdict: Verdict,
): Promise<LiveRelease | undefined> {
  const left = leftBy(verdict);
  if (left === undefined) return undefined;
  const { number, deploymentTag, configRevision: configCommit, rollbackOf, restores, isFollower } = left;
  const beside = { set: [...(left.set ?? [])].sort(), sharedRevisions: { ...left.sharedRevisions } };
  const { released, finished, actor, run, reason, summary } = verdict;
  return {
    ...{ source: 'registry', release: number, verdict: left.verdict, verified: finished },
    ...defined({ deploymentTag, commit: await commitOf(registry, home, deploymentTag) }),
    ...defined({ since: isFollower ? finished : released, by: actor, run }),
    ...defined({ why: isFollower ? summary : reason, configCommit, beside, rollbackOf, restores }),
  };
}

async function commitOf(
  registry: RegistryClient,
  home: SnapshotHome,
  tag: string | undefined,
): Promise<string | undefined> {
  if (tag === undefined) return undefined;
  const { findSnapshot } = await import('@slipway/registry');
  return (await orProblem(() => findSnapshot(registry, home, tag))).result?.snapshot.gitRevision;
}

/** What the registry has, or in half a sentence why that is not known. */
export interface Answer<Result> {
  readonly result?: Result | undefined;
  readonly problem?: string | undefined;
}

async function orProblem<Result>(work: () => Promise<Result>): Promise<Answer<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    if (error instanceof SlipwayError) return { problem: error.problems[0].message };
    throw error;
  }
}
