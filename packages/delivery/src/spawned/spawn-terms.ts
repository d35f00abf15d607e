import { defined } from '@slipway/core';
import type { RoomTerms } from '@slipway/release';
import type { Spawned } from '@slipway/render';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import type { SeenPull } from './look-at-pull.ts';

/** For whom an instance has room, but for its end. */
export function termsOf(
  { identity, checkout }: Pick<FoundFormation, 'identity' | 'checkout'>,
  { from, key, block }: Spawned,
  seen: SeenPull | undefined,
  { run }: Pick<DeliverySurroundings, 'run'>,
): Omit<RoomTerms, 'expires' | 'isEnding'> {
  const { application, namespace, destination = '', repository } = identity;
  const environment = checkout?.destination.environment ?? from;
  return {
    ...{ application, from, key, namespace, destination, environment, repository },
    ...defined({
      repositoryId: seen?.repositoryId,
      pull: seen === undefined ? undefined : Number(key),
      url: block.url?.replaceAll('${spawn}', key),
      server: block.form === 'create' ? run.server : undefined,
    }),
  };
}
