import type { Snapshot } from '@slipway/core';
import type { RegistryClient } from '../http/client.ts';
import { writeMark } from '../manifests/marks.ts';
import {
  findSame,
  passedMark,
  pushVerdict,
  type ReleaseTarget,
  readVerdict,
  readVerdictOn,
} from './verdicts.ts';

/** What someone took out of a destination, and what runs there now. */
export interface TakenBack {
  readonly undone: Snapshot;
  readonly restored: Snapshot | undefined;
  /** Why, in one sentence. */
  readonly summary: string;
}

/**
 * Takes back that a snapshot passed at a destination: its verdict there becomes `rolled-back`, so that no promotion and no wave builds on
 * it, and the mark of what passed goes back to the restored snapshot, where that has passed.
 * @returns whether it had passed there
 * @throws SlipwayError as `pushVerdict`
 */
export async function takeBackVerdict(
  client: RegistryClient,
  { undone, restored, summary }: TakenBack,
  target: ReleaseTarget,
): Promise<boolean> {
  const verdict = await readVerdict(client, undone, undone.deploymentTag, target);
  if (verdict?.verdict !== 'succeeded') return false;
  await pushVerdict(client, undone, { ...verdict, verdict: 'rolled-back', summary });
  if (restored !== undefined) await markIfPassed(client, restored, target);
  return true;
}

async function markIfPassed(
  client: RegistryClient,
  snapshot: Snapshot,
  target: ReleaseTarget,
): Promise<void> {
  const stored = await findSame(client, snapshot);
  const verdict = await readVerdictOn(client, stored, target);
  if (verdict?.verdict !== 'succeeded') return;
  await writeMark(client, passedMark(snapshot.registry, target), stored.manifest);
}
