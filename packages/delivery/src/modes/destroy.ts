import { quote, SlipwayError } from '@slipway/core';
import { type Destroyed, destroyFormation } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';
import { findReleased } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { DestroyRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { withFormation } from './with-formation.ts';

export interface DestroyedFormation extends Destroyed {
  readonly identity: FoundFormation['identity'];
}

/**
 * Removes a formation from its cluster, and nothing else.
 * @throws SlipwayError `confirmation-missing` before the cluster is opened
 */
export async function destroyFormationOf(
  request: DestroyRequest,
  surroundings: DeliverySurroundings,
): Promise<DestroyedFormation> {
  const found = await findReleased(request, surroundings);
  const { identity, checkout } = found;
  const name = `${identity.application}/${identity.formation}`;
  if (request.confirm !== name) throw confirmationMissing(name);
  const { run, clock, signal, logger } = surroundings;
  return await withFormation(found, surroundings, async client => {
    const destroyed = await destroyFormation({
      ...{ client, identity, clock, signal, logger },
      allow: checkout && (checkout.formation.spec.allow ?? {}),
      holder: run.url || 'slipway',
      timeout: request.lockTimeout,
    });
    return { ...destroyed, identity };
  });
}

function confirmationMissing(name: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'confirmation-missing',
    message: `removing ${quote(name)} was not confirmed`,
    remedy: `set confirm to ${quote(name)}`,
  });
}
