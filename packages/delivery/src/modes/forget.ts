import { type ForgottenSecret, forgetSecret } from '@slipway/release';
import { findReleased } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { confirmed } from '../guard/confirmed.ts';
import type { ForgetRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { withFormation } from './with-formation.ts';

export interface ForgottenSecretOf extends ForgottenSecret {
  readonly identity: FoundFormation['identity'];
}

/**
 * Removes the old values of a secret from the kept releases of a formation.
 * @throws SlipwayError `confirmation-missing` before the cluster is opened, and as `forgetSecret` does
 */
export async function forgetSecretOf(
  { word, confirm, lockTimeout: timeout, ...choice }: ForgetRequest,
  surroundings: DeliverySurroundings,
): Promise<ForgottenSecretOf> {
  const found = await findReleased(choice, surroundings);
  const { identity } = found;
  confirmed(confirm, identity, `forgetting secret.${word} in`);
  const { run, clock, signal, logger } = surroundings;
  return await withFormation(found, surroundings, async client => {
    const holder = run.url || 'slipway';
    const forgotten = await forgetSecret({
      ...{ client, identity, word, clock, signal, logger, holder, timeout },
    });
    return { ...forgotten, identity };
  });
}
