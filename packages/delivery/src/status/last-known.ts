import { defined, type Hold, type LiveRelease, SlipwayError, type Verdict } from '@slipway/core';
import type { RegistryClient, SnapshotHome } from '@slipway/registry';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { StatusRegistry } from './seen.ts';

/** What the registry says of a destination whose cluster does not: its newest verdict. Undefined if it has none, or does not answer. */
export async function lastKnown(
  { home, open }: StatusRegistry,
  { identity }: FoundFormation,
): Promise<LiveRelease | undefined> {
  const { formation, destination } = identity;
  if (destination === undefined) return undefined;
  const { readLatestVerdict } = await import('@slipway/registry');
  return await unlessUnavailable(async () => {
    const registry = await open();
    const verdict = await readLatestVerdict(registry, home, { formation, destination });
    return verdict && (await liveOf(registry, home, verdict));
  });
}

/** The hold that the registry has of a destination whose cluster does not answer. */
export async function lastHold(
  { home, open }: StatusRegistry,
  { identity }: FoundFormation,
): Promise<Hold | undefined> {
  const { formation, destination } = identity;
  if (destination === undefined) return undefined;
  const { readStoredHold } = await import('@slipway/registry');
  return await unlessUnavailable(async () => readStoredHold(await open(), home, { formation, destination }));
}

/** The snapshot that last succeeded at a destination, by its tag and its commit. */
export async function lastPassed(
  { home, open }: StatusRegistry,
  target: { readonly formation: string; readonly destination: string },
): Promise<Pick<LiveRelease, 'deploymentTag' | 'commit'> | undefined> {
  const { readPassed } = await import('@slipway/registry');
  return await unlessUnavailable(async () => {
    const passed = await readPassed(await open(), home, target);
    return passed && defined({ deploymentTag: passed.deploymentTag, commit: passed.gitRevision });
  });
}

async function liveOf(
  registry: RegistryClient,
  home: SnapshotHome,
  verdict: Verdict,
): Promise<LiveRelease | undefined> {
  const { rolledBackTo, release } = verdict;
  const number = rolledBackTo?.as ?? release;
  if (number === undefined) return undefined;
  const isBack = verdict.verdict === 'rolled-back' && rolledBackTo !== undefined;
  const deploymentTag = isBack ? rolledBackTo.deploymentTag : verdict.deploymentTag;
  const { released, actor, run, reason, rollbackOf, restores, configRevision } = verdict;
  return {
    source: 'registry',
    release: number,
    ...defined({ deploymentTag, commit: await commitOf(registry, home, deploymentTag) }),
    ...defined({ since: isBack ? verdict.finished : released, by: actor, run }),
    ...defined(isBack ? { why: verdict.summary } : { why: reason, configCommit: configRevision }),
    ...defined(isBack ? { rollbackOf: release, restores: rolledBackTo.release } : { rollbackOf, restores }),
    verdict: isBack ? 'succeeded' : verdict.verdict,
    verified: verdict.finished,
  };
}

async function commitOf(
  registry: RegistryClient,
  home: SnapshotHome,
  tag: string | undefined,
): Promise<string | undefined> {
  if (tag === undefined) return undefined;
  const { findSnapshot } = await import('@slipway/registry');
  return (await unlessUnavailable(() => findSnapshot(registry, home, tag)))?.snapshot.gitRevision;
}

/** What the registry adds is helpful and not needed: the row says already that the cluster did not answer. */
async function unlessUnavailable<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
