import { API_VERSION, defined, formatProblem, SlipwayError } from '@slipway/core';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

/** Why a formation was removed, and when. */
export interface Removed {
  readonly at: Date;
  readonly reason: string;
}

/**
 * Notes in the registry that a formation was removed, where that has a verdict on it: otherwise what was released there would seem to be
 * lost. The removal is done, so that a registry that cannot be written is a warning.
 */
export async function recordRemoval(
  { identity, checkout }: Pick<FoundFormation, 'identity' | 'checkout'>,
  { at, reason }: Removed,
  { openRegistry, run, logger }: Pick<DeliverySurroundings, 'openRegistry' | 'run' | 'logger'>,
): Promise<void> {
  const { application, formation, destination, namespace } = identity;
  if (checkout === undefined || destination === undefined) return;
  const home = { registry: checkout.repository.application.spec.registry, application };
  try {
    const { pushRemoval, readLatestVerdict } = await import('@slipway/registry');
    const registry = await openRegistry();
    if ((await readLatestVerdict(registry, home, { formation, destination })) === undefined) return;
    await pushRemoval(registry, home, {
      ...{ apiVersion: API_VERSION, kind: 'Removal', application, formation, destination, namespace },
      ...{ at: at.toISOString(), by: run.actor || 'an unknown user' },
      ...defined({ reason: reason || undefined, run: run.url || undefined }),
    });
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    logger.warning(
      `The registry does not know that ${formation}/${destination} was removed, so that "mode: status" misses what was released there until it is taken out of the formation: ${why}`,
    );
  }
}
