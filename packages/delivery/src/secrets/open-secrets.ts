import { join } from 'node:path';
import { Problems, parsePointer, type Seal, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { Unseal } from '@slipway/release';
import { filesBelow, findSecretReference, type Repository, type Target } from '@slipway/render';
import { fillSeals, maskSecret, openSecrets, openStores, type SecretRequest } from '@slipway/secrets';
import type { DesiredState } from '../desired/desired-state.ts';
import type { Checkout } from '../formation/checkout.ts';
import type { SecretAccess } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

/** Opens secrets as the config of this checkout says. Nothing is read before the returned function is called. */
export function secretOpener(
  { seals, identity }: DesiredState,
  { repository }: Checkout,
  { allowances, settings, values: given }: SecretAccess,
  surroundings: DeliverySurroundings,
): () => Promise<Unseal> {
  const target = { formation: identity.formation, destination: identity.destination ?? '' };
  const words = new Set(seals.map(seal => seal.word));
  return async () => {
    const requests = await findRequests(repository, target, words);
    const { workspace, exec, idToken, mask, signal } = surroundings;
    const environment = { ...surroundings.environment, ...given };
    const files = filesBelow(join(workspace, repository.directory));
    const readFile = (file: string): Promise<Uint8Array | undefined> => files.read(file);
    const stores = await openStores(
      { environment, workspace, exec, idToken, mask, signal, readFile },
      settings,
    );
    const values = await openSecrets({ requests, stores, allowances, mask });
    return secret => {
      const own = seals.filter(
        ({ object }) =>
          object.name === secret.metadata.name &&
          (object.namespace ?? identity.namespace) === secret.metadata['namespace'],
      );
      const filled = fillSeals(secret, own, values);
      maskFilled(filled, own, mask);
      return filled;
    };
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
