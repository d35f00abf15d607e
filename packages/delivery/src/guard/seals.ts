import { type Problem, quote, type Seal, throwIfAny } from '@slipway/core';
import { describeObject, isSecret } from '@slipway/kubernetes';
import type { DesiredState } from '../desired/desired-state.ts';
import type { DeliveryErrorCode } from '../error-codes.ts';

/**
 * A secret may only be written to a Secret of the destination's namespace, whatever rendered.json says.
 * @throws SlipwayError `seal-misplaced`
 */
export function checkSeals({ seals, identity }: Pick<DesiredState, 'seals' | 'identity'>): void {
  const problems: Problem<DeliveryErrorCode>[] = seals
    .filter(seal => !isAllowed(seal, identity.namespace))
    .map(sealMisplaced);
  throwIfAny(problems);
}

function isAllowed({ object, pointer, placement }: Seal, namespace: string): boolean {
  return (
    isSecret(object) && (object.namespace ?? namespace) === namespace && pointer.startsWith(`/${placement}/`)
  );
}

function sealMisplaced({ object, pointer, word }: Seal): Problem<DeliveryErrorCode> {
  return {
    code: 'seal-misplaced',
    message: `secret.${word} would be written to ${quote(pointer)} of ${describeObject(object)}`,
    remedy: "put it into data or stringData of a Secret in the destination's namespace",
  };
}
