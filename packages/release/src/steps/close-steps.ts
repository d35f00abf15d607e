import type { ClusterClient } from '@slipway/cluster';
import type { Clock, Release, VerdictName } from '@slipway/core';
import { closeStepped } from '../records/close.ts';

/** Closes a release whose steps have been undone to their end. */
export async function closeUndone(client: ClusterClient, release: Release, clock: Clock): Promise<Release> {
  const verdict: VerdictName = release.steps?.undo?.verdict ?? 'rolled-back';
  return await closeStepped(client, release, verdict, clock);
}
