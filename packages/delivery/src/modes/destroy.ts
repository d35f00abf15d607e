import { type Destroyed, destroyFormation } from '@slipway/release';
import { findReleased } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { confirmed } from '../guard/confirmed.ts';
import type { DestroyRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { recordRemoval } from './record-removal.ts';
import { withFormation } from './with-formation.ts';

export interface DestroyedFormation extends Destroyed {
  readonly identity: FoundFormation['identity'];
}

/**
 * Removes a formation from its cluster, and nothing else; the registry notes it.
 * @throws SlipwayError `confirmation-missing` before the cluster is opened
 */
export async function destroyFormationOf(
  request: DestroyRequest,
  surroundings: DeliverySurroundings,
): Promise<DestroyedFormation> {
  const found = await findReleased(request, surroundings);
  const { identity, checkout } = found;
  confirmed(request.confirm, identity, 'removing');
  const { run, clock, signal, logger } = surroundings;
  return await withFormation(found, surroundings, async client => {
    const destroyed = await destroyFormation({
      ...{ client, identity, clock, signal, logger },
      allow: checkout && (checkout.formation.spec.allow ?? {}),
      holder: run.url || 'slipway',
      timeout: request.lockTimeout,
    });
    const isGone = !destroyed.isUnknown && destroyed.left.length === 0;
    if (isGone) await recordRemoval(found, { at: destroyed.at, reason: request.reason }, surroundings);
    return { ...destroyed, identity };
  });
}
