import { Problems, parsePointer, type Seal, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { OpenedSecrets, Unseal } from '@slipway/release';
import { findSecretReference, type Repository, type Target } from '@slipway/render';
import { fillSeals, maskSecret, openSecrets, type SecretRequest } from '@slipway/secrets';
import type { DesiredState } from '../desired/desired-state.ts';
import type { Checkout } from '../formation/checkout.ts';
import type { SecretAccess } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { openStoresOf, recordedSecret, warnOfLeases } from './stores.ts';

/** Opens secrets as the config of this checkout says. Nothing is read before the returned function is called. */
export function secretOpener(
  { seals, identity }: DesiredState,
  { repository }: Checkout,
  access: SecretAccess,
  surroundings: DeliverySurroundings,
): () => Promise<OpenedSecrets> {
  const target = { formation: identity.formation, destination: identity.destination ?? '' };
  const words = new Set(seals.map(seal => seal.word));
  return async () => {
    const { mask, clock } = surroundings;
    const requests = await findRequests(repository, target, words);
    const stores = await openStoresOf(repository, access, surroundings);
    const { values, versions: read } = await openSecrets({
      ...{ requests, stores, mask },
      allowances: access.allowances,
    });
    const versions = requests.map(request => recordedSecret(request, read.get(request.word), clock()));
    warnOfLeases(versions, surroundings);
    return { unseal: filler(seals, identity.namespace, values, mask), versions };
  };
}

/** Fills the stand-ins of Secrets, whose names are those that the seals give. */
export function filler(
  seals: readonly Seal[],
  namespace: string,
  values: ReadonlyMap<string, Uint8Array>,
  mask: DeliverySurroundings['mask'],
): Unseal {
  return secret => {
    const own = seals.filter(
      ({ object }) =>
        object.name === secret.metadata.name &&
        (object.namespace ?? namespace) === secret.metadata['namespace'],
    );
    const filled = fillSeals(secret, own, values);
    maskFilled(filled, own, mask);
    return filled;
  };
}

async function findRequests(
  repository: Repository,
  target: Target,
  words: ReadonlySet<string>,
): Promise<SecretRequest[]> {
  const problems = new Problems();
  const requests: SecretRequest[] = [];
  for (const word of words)
    await problems.collect(() => {
      const { reference, at } = findSecretReference(repository, target, word);
      requests.push({ word, reference, at });
    });
  problems.throwIfAny();
  return requests;
}

/** An API server's message about a Secret may repeat a whole scalar, so that is a secret too. */
function maskFilled(
  filled: KubernetesObject,
  seals: readonly Seal[],
  mask: DeliverySurroundings['mask'],
): void {
  for (const { pointer, placement } of seals) {
    const text = valueAt(filled, parsePointer(pointer));
    if (typeof text === 'string')
      maskSecret(Buffer.from(text, placement === 'data' ? 'base64' : 'utf8'), mask);
  }
}
