import {
  describeObject,
  isJsonObject,
  type Problem,
  Problems,
  quote,
  type Seal,
  SlipwayError,
} from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { Unseal } from '@slipway/release';
import { findSecretReference } from '@slipway/render';
import { environmentStore, fillSeals, openSecrets, type SecretRequest } from '@slipway/secrets';
import type { DeployErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import type { Checkout, Source } from './source.ts';

/**
 * A secret belongs into a Secret of the destination's namespace and nowhere else, whatever rendered.json says.
 * @throws SlipwayError `seal-misplaced`
 */
export function checkSeals({ seals, identity }: Source): void {
  const problems: Problem<DeployErrorCode>[] = seals
    .filter(seal => !isLegal(seal, identity.namespace))
    .map(misplaced);
  const [first, ...others] = problems;
  if (first !== undefined) throw new SlipwayError<DeployErrorCode>([first, ...others]);
}

function isLegal({ object, pointer, placement }: Seal, namespace: string): boolean {
  return (
    object.apiVersion === 'v1' &&
    object.kind === 'Secret' &&
    (object.namespace ?? namespace) === namespace &&
    pointer.startsWith(`/${placement}/`)
  );
}

function misplaced({ object, pointer, word }: Seal): Problem<DeployErrorCode> {
  return {
    code: 'seal-misplaced',
    message: `secret.${word} would go to ${quote(pointer)} of ${describeObject(object)}`,
    remedy: "put it into data or stringData of a Secret in the destination's namespace",
  };
}

/** Opens the secrets of a source by the config of this checkout. Nothing is read before the returned function is called. */
export function secretOpener(
  { seals, identity }: Source,
  { repository }: Checkout,
  { secrets }: Inputs,
  { environment, mask }: Runner,
): () => Promise<Unseal> {
  const target = { formation: identity.formation, destination: identity.destination ?? '' };
  return async () => {
    const problems = new Problems();
    const requests: SecretRequest[] = [];
    for (const word of new Set(seals.map(seal => seal.word)))
      await problems.collect(() => {
        const { reference, at } = findSecretReference(repository, target, word);
        requests.push({ word, reference, at });
      });
    problems.throwIfAny();
    const stores = [environmentStore(environment)];
    const values = await openSecrets({ requests, stores, allowances: secrets, mask });
    return secret => {
      const own = seals.filter(
        ({ object }) =>
          object.name === secret.metadata.name &&
          (object.namespace ?? identity.namespace) === secret.metadata['namespace'],
      );
      const filled = fillSeals(secret, own, values);
      // What the API server says of a Secret may repeat it as it stands there.
      for (const data of [filled['data'], filled['stringData']])
        for (const text of Object.values(isJsonObject(data) ? data : {}))
          if (own.length > 0 && typeof text === 'string') maskContent(text, mask);
      return filled;
    };
  };
}

function maskContent(text: string, mask: Runner['mask']): void {
  mask(text);
  mask(Buffer.from(text).toString('base64'));
}
