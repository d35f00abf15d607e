import { type Hold, type Removal, SlipwayError, type Snapshot, type Verdict } from '@slipway/core';
import type { RegistryClient, ReleaseTarget, SnapshotHome } from '@slipway/registry';

/** What the registry has of a destination whose cluster is lost. */
export interface LostFacts {
  /** The newest verdict there; undefined if there never was one. */
  readonly latest: Verdict | undefined;
  /** That the formation was removed there, if it ever was. */
  readonly removal: Removal | undefined;
  /** The hold that the registry keeps; undefined also where it keeps none of this formation. */
  readonly hold: Hold | undefined;
  /** The verdict of the last success, or why it is not known. */
  readonly passed: { readonly verdict?: Verdict; readonly why?: string };
  /** @returns undefined if the registry does not have it any more */
  readonly snapshot: (deploymentTag: string) => Promise<Snapshot | undefined>;
}

/** @throws SlipwayError if the registry does not answer, or has what cannot be read */
export async function readFacts(
  registry: RegistryClient,
  home: SnapshotHome,
  target: ReleaseTarget,
): Promise<LostFacts> {
  const { findSnapshot, readLatestVerdict, readRemoval, readStoredHold } = await import('@slipway/registry');
  const [latest, removal, hold] = await Promise.all([
    readLatestVerdict(registry, home, target),
    readRemoval(registry, home, target),
    readStoredHold(registry, home, target),
  ]);
  return {
    ...{ latest, removal, hold },
    // Where the newest release succeeded, it is the last that did.
    passed:
      latest?.verdict === 'succeeded' ? { verdict: latest } : await readLastPassed(registry, home, target),
    snapshot: async tag => (await findSnapshot(registry, home, tag))?.snapshot,
  };
}

async function readLastPassed(
  registry: RegistryClient,
  home: SnapshotHome,
  target: ReleaseTarget,
): Promise<LostFacts['passed']> {
  const { readPassedVerdict } = await import('@slipway/registry');
  try {
    const passed = await readPassedVerdict(registry, home, target);
    return passed === undefined ? {} : { verdict: passed.verdict };
  } catch (error) {
    if (error instanceof SlipwayError) return { why: error.problems[0].message };
    throw error;
  }
}
