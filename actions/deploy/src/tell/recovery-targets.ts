import { quote, SlipwayError } from '@slipway/core';
import type { DeliveryErrorCode, Lost } from '@slipway/delivery';

/** An item of the matrix that brings a lost cluster back. */
export interface RecoveryTarget {
  readonly formation: string;
  readonly destination: string;
  /** GitHub's environment; empty for none. */
  readonly environment: string;
}

/** What there was, also what is refused: its job says so once more, and keeps the run from passing as a success. */
export function recoveryTargets(lost: readonly Lost[]): readonly RecoveryTarget[] {
  return lost
    .filter(({ state }) => state !== 'nothing')
    .map(({ target: { identity, checkout } }) => ({
      formation: identity.formation,
      destination: identity.destination ?? '',
      environment: checkout?.destination.environment ?? '',
    }));
}

export function noneRecovered(application: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'recovery-refused',
    message: `nothing of ${quote(application)} is recovered: the registry does not know of a release that was there`,
    remedy: 'check the destination and the registry, or release to it in the usual way',
  });
}
