import type { Repository, Spawned } from '@slipway/render';
import { openBase } from '../base-rules/base.ts';
import { openHistory } from '../base-rules/history.ts';
import type { CheckManifestsRequest } from '../request/request.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';
import { readRepositories } from './repositories.ts';

/** The instance that a step is about. */
export interface SpawnedInstance extends Spawned {
  /** `preview-1234`. */
  readonly name: string;
  /** The checkout's files, with the instance among the formations. */
  readonly repository: Repository;
}

type SpawnedRequest = Pick<CheckManifestsRequest, 'application' | 'base' | 'formations' | 'spawn'>;
type SpawnedSurroundings = Pick<
  CheckSurroundings,
  'workspace' | 'environment' | 'exec' | 'logger' | 'remoteHistory'
>;

/**
 * The instance that a request spawns, with the block of the base commit where there is one: what a pull request writes into the block applies
 * once it is merged.
 * @throws SlipwayError `spawn-unmerged`, `spawn-unknown`, `spawn-key-invalid`, `base-unreadable`, and what is wrong with files
 */
export async function readSpawned(
  request: SpawnedRequest,
  surroundings: SpawnedSurroundings,
): Promise<SpawnedInstance> {
  const open = () => openHistory(request.application, surroundings);
  const base = await openBase(request.base, open, surroundings.logger);
  const { repository } = await readRepositories({ request, base, surroundings });
  const [instance] = repository.spawned ?? [];
  if (instance === undefined) throw new TypeError('readSpawned needs a request that spawns');
  const [name, spawned] = instance;
  return { name, ...spawned, repository };
}
