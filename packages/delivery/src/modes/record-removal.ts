import { API_VERSION, defined, formatProblem, type Release, SlipwayError } from '@slipway/core';
import type { FoundFormation } from '../formation/found-formation.ts';
import { spawnedOf } from '../formation/with-instance.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

/** Why a formation was removed, and when. */
export interface Removed {
  readonly at: Date;
  readonly reason: string;
  readonly newest: Pick<Release, 'number' | 'created' | 'destination'> | undefined;
  /** Whether it stopped on its way, or left objects. */
  readonly isIncomplete: boolean;
}

/**
 * Notes in the registry that a formation was removed, where that has a verdict on it: otherwise what was released there would seem to be
 * lost. The removal is done, so that a registry that cannot be written is a warning.
 */
export async function recordRemoval(
  { identity, checkout }: Pick<FoundFormation, 'identity' | 'checkout'>,
  { at, reason, newest, isIncomplete }: Removed,
  { openRegistry, run, logger }: Pick<DeliverySurroundings, 'openRegistry' | 'run' | 'logger'>,
): Promise<void> {
  const { application, formation, destination = newest?.destination, namespace } = identity;
  // No verdict on an instance is kept in a registry.
  if (destination === undefined || spawnedOf({ identity, checkout }) !== undefined) return;
  const what = `${formation}/${destination} was removed${isIncomplete ? ' in part' : ''}`;
  if (checkout === undefined) {
    logger.warning(
      `The registry is not told that ${what}, since this run does not have the file of the formation: if it knows releases of it, a plan without the cluster still compares with those once the formation is back in the checkout`,
    );
    return;
  }
  const home = { registry: checkout.repository.application.spec.registry, application };
  try {
    const { pushRemoval, readLatestVerdict } = await import('@slipway/registry');
    const registry = await openRegistry();
    if ((await readLatestVerdict(registry, home, { formation, destination })) === undefined) return;
    await pushRemoval(registry, home, {
      ...{ apiVersion: API_VERSION, kind: 'Removal', application, formation, destination, namespace },
      ...{ at: at.toISOString(), by: run.actor || 'an unknown user' },
      ...defined({ reason: reason || undefined, run: run.url || undefined }),
      ...defined({ release: newest?.number, released: newest?.created }),
      ...(isIncomplete ? { incomplete: true } : {}),
    });
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    logger.warning(
      `The registry does not know that ${what}, so that "mode: status" misses what was released there, and a plan without the cluster compares with it, until it is released again or taken out of the formation: ${why}`,
    );
  }
}
