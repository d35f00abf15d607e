import type { ClusterClient } from '@slipway/cluster';
import { isPullNumber, throwIfAny } from '@slipway/core';
import type { FoundFormation } from '../formation/found-formation.ts';
import { spawnedOf } from '../formation/with-instance.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { awaitRoom } from './await-room.ts';
import { fenceProblems } from './fence.ts';
import { lookAtPull, type SeenPull } from './look-at-pull.ts';
import type { SpawnedBy } from './pulls.ts';
import { repositoryUnknown } from './spawn-errors.ts';
import { termsOf } from './spawn-terms.ts';

/**
 * Checks what decides about a release of an instance for one that is restored: its pull request, its fence, and that this login makes no
 * rooms. No room is taken for it, as it has one.
 * @throws SlipwayError `spawn-of-fork`, `spawn-closed`, `spawn-state-unknown`, `spawn-unfenced`, and as `awaitRoom`
 */
export async function admitRollback(
  found: FoundFormation,
  client: ClusterClient,
  by: SpawnedBy,
  surroundings: DeliverySurroundings,
): Promise<void> {
  const instance = spawnedOf(found);
  if (instance === undefined) return;
  const { key, block } = instance;
  const { namespace, repository } = found.identity;
  const seen: SeenPull | undefined = isPullNumber(key) ? await lookAtPull(Number(key), by) : undefined;
  if (block.form === 'shared') return throwIfAny(await fenceProblems(client, namespace, block));
  const repositoryId = seen?.repositoryId ?? (await by.pulls.repositoryId());
  if (repositoryId === undefined) throw repositoryUnknown(repository);
  const terms = { ...termsOf(found, instance, seen, surroundings), repositoryId };
  await awaitRoom(client, { terms, timeout: 0, saysNoRoom: async () => false }, surroundings);
}
