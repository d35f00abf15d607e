import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, type Release, SlipwayError, type Verdict } from '@slipway/core';
import { listReleases, readRelease } from '@slipway/release';

/** What became of a release that succeeded, since its record was closed. */
export type Since =
  | { readonly state: 'same' }
  /** `by` is the rollback that took it out; absent where only the record of the release says so. */
  | { readonly state: 'undone'; readonly by?: Release | undefined }
  | { readonly state: 'unknown'; readonly why: string };

/**
 * Looks whether a rollback has taken a release out: its record is written before any object, and its run takes back what the registry
 * says before or after this look.
 */
export async function lookSince(client: ClusterClient, release: Release): Promise<Since> {
  try {
    const entries = await listReleases(client, release);
    for (const { number } of entries.filter(entry => entry.number > release.number)) {
      const newer = await readRelease(client, release, number);
      if (newer.restores !== undefined && newer.restores < release.number)
        return { state: 'undone', by: newer };
    }
    const own = entries.find(({ number }) => number === release.number)?.verdict;
    return { state: own === 'rolled-back' || own === 'rollback-failed' ? 'undone' : 'same' };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { state: 'unknown', why: error.problems.map(formatProblem).join('; ') };
  }
}

/** The verdict as it is by now: what was undone has not succeeded, however well it looked. */
export function verdictByNow(verdict: Verdict, since: Since): Verdict {
  if (verdict.verdict !== 'succeeded' || since.state !== 'undone') return verdict;
  return { ...verdict, verdict: 'rolled-back', summary: `${verdict.summary}, but ${undoneText(since)}` };
}

/** Half a sentence. */
function undoneText({ by }: Extract<Since, { state: 'undone' }>): string {
  if (by === undefined) return 'another run rolled the release back in the meantime';
  return `release ${by.number} put release ${by.restores} back in the meantime: ${by.reason}`;
}
