import { type Repository, spawn } from '@slipway/render';
import { unmerged } from '../base-rules/base-spawning.ts';
import type { CheckManifestsRequest } from '../request/request.ts';
import type { Repositories } from './repositories.ts';

/**
 * Both repositories with the instance that a request is about. Its block is that of the base commit, so that a pull request can
 * neither make a formation one that is spawned nor allow its instance more.
 * @param commit the base commit; undefined where there is none, so that the checkout's own block counts
 * @throws SlipwayError `spawn-unmerged`, `spawn-unknown`, `spawn-key-invalid`
 */
export function spawned(
  { repository, base }: Repositories,
  { spawn: what, formations }: Pick<CheckManifestsRequest, 'formations' | 'spawn'>,
  commit?: string,
): Repositories {
  if (what === undefined) return { repository, base };
  const own = spawn(repository, what, formations);
  if (commit === undefined) return { repository: own, base };
  const [from] = [...(own.spawned?.values() ?? [])].map(one => one.from);
  // An application that the pull request adds has no block there either.
  if (base === undefined || from === undefined || !base.spawning.has(from))
    throw unmerged(from ?? '', commit);
  const ofBase = spawn(base, what, [from]);
  return { repository: withBlocksOf(own, ofBase), base: ofBase };
}

function withBlocksOf(own: Repository, { spawned: instances }: Repository): Repository {
  return instances === undefined ? own : { ...own, spawned: instances };
}
