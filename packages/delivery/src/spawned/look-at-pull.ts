import type { PullSeen, SpawnedBy } from './pulls.ts';
import { notOpen, ofFork, stateUnknown } from './spawn-errors.ts';

/** A pull request that GitHub has answered for. */
export type SeenPull = Exclude<PullSeen, { state: 'unknown' }>;

/** @throws SlipwayError `spawn-state-unknown`, `spawn-of-fork`, `spawn-closed` */
export async function lookAtPull(pull: number, { pulls }: SpawnedBy): Promise<SeenPull> {
  const seen = await pulls.look(pull);
  if (seen.state === 'unknown') throw stateUnknown(pull, seen.why);
  if (seen.isOfFork) throw ofFork(pull);
  if (seen.state === 'closed') throw notOpen(pull);
  return seen;
}

/** Why a pull request that could be seen has no instance. */
export function unwelcome(seen: SeenPull | undefined): { readonly why: 'draft' | 'bot' } | undefined {
  if (seen?.isDraft === true) return { why: 'draft' };
  return seen?.isByBot === true ? { why: 'bot' } : undefined;
}
