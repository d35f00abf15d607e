import { excerpt, type Problem, type Release, SlipwayError } from '@slipway/core';
import { closeRelease } from '../records/close.ts';
import { assertNotInSteps } from '../records/in-steps.ts';
import { type LockOptions, withLock } from '../records/lock.ts';
import { readRelease } from '../records/records.ts';

/** Characters of the reason that a record keeps. */
const MAX_REASON = 2_000;

/** Why a run ended before it had written all objects, for the record and for other jobs, which mask nothing of this one's secrets. */
export function stopReason(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'the run was cancelled';
  if (!(error instanceof SlipwayError)) return 'the run ended by an unexpected error, which its log shows';
  return excerpt(error.problems.map(withoutContent).join('; '), MAX_REASON);
}

/** What a server refuses of a Secret it may quote. */
function withoutContent({ code, message, remedy }: Problem): string {
  const [what] = /^[a-z]+ Secret [^:]+(?=:)/.exec(message) ?? [];
  if (what !== undefined && code === 'cluster-refused')
    return `${what}: the API server refused it; the log of deploy says why`;
  return remedy === undefined ? message : `${message}; ${remedy}`;
}

/**
 * The release once no run writes it any more. One that was left before all of its objects were written is closed as failed.
 * @throws SlipwayError `release-in-steps`; `lock-timeout` if it is still being written after that time
 */
export async function awaitWritten(release: Release, options: Omit<LockOptions, 'owner'>): Promise<Release> {
  assertNotInSteps(release);
  if (hasEnded(release)) return release;
  options.logger.info(`Release ${release.number} is not written yet; waiting until no run writes it`);
  return await withLock({ ...options, owner: release }, async client => {
    const now = await readRelease(client, release, release.number);
    return hasEnded(now) ? now : await closeRelease(client, now, 'failed', options.clock);
  });
}

function hasEnded({ applied, verdict }: Release): boolean {
  return applied !== undefined || verdict !== undefined;
}

/** Why a release was not written completely; undefined if it was. */
export function unfinishedReason({ applied, stopped }: Release): string | undefined {
  if (applied !== undefined) return undefined;
  return stopped ?? 'deploy ended without noting why: it was killed, or lost the lock or the cluster';
}
