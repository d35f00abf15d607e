import type { Release } from '@slipway/core';
import type { SignOffs } from '../guard/sign-offs.ts';
import { type ApplyListener, deliver } from '../modes/apply-manifests.ts';
import type { ApplyManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import type { SpawnedBy } from './pulls.ts';
import { type NoInstance, spawnGuards } from './spawn-guards.ts';

/**
 * Brings manifests of an instance to a cluster, if its pull request may have one and there is room.
 * @throws SlipwayError as `applyManifests`, and `spawn-of-fork`, `spawn-closed`, `spawn-state-unknown`, `spawn-unfenced`, `room-…`
 */
export async function spawnManifests(
  request: ApplyManifestsRequest,
  signOffs: SignOffs,
  surroundings: DeliverySurroundings,
  { listener, by }: { readonly listener: ApplyListener; readonly by: SpawnedBy },
): Promise<Release | NoInstance> {
  return await deliver(request, signOffs, surroundings, {
    listener,
    guardsFor: delivery => spawnGuards({ delivery, request, by, surroundings }),
  });
}
