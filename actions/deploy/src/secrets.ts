import { join } from 'node:path';
import { type Problem, Problems, parsePointer, quote, type Seal, SlipwayError, valueAt } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { describeObject, type KubernetesObject } from '@slipway/kubernetes';
import type { Unseal } from '@slipway/release';
import { filesBelow, findSecretReference, type Repository, type Target } from '@slipway/render';
import { fillSeals, maskSecret, openSecrets, openStores, type SecretRequest } from '@slipway/secrets';
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
  inputs: Inputs,
  runner: Runner,
): () => Promise<Unseal> {
  const target = { formation: identity.formation, destination: identity.destination ?? '' };
  const words = new Set(seals.map(seal => seal.word));
  return async () => {
    const requests = await findRequests(repository, target, words);
    const { environment, workspace, exec, idToken, mask, signal } = runner;
    const files = filesBelow(join(workspace, repository.directory));
    const stores = await openStores({
      ...{ environment, workspace, exec, idToken, mask, signal, vault: inputs.vault },
      readFile: file => files.read(file),
    });
    const values = await openSecrets({ requests, stores, allowances: inputs.secrets, mask: runner.mask });
    return secret => {
      const own = seals.filter(
        ({ object }) =>
          object.name === secret.metadata.name &&
          (object.namespace ?? identity.namespace) === secret.metadata['namespace'],
      );
      const filled = fillSeals(secret, own, values);
      maskFilled(filled, own, runner);
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

/** What the API server says of a Secret may repeat it as it stands there, so the whole scalar is a secret too. */
function maskFilled(filled: KubernetesObject, seals: readonly Seal[], { mask }: Runner): void {
  for (const { pointer, placement } of seals) {
    const text = valueAt(filled, parsePointer(pointer));
    if (typeof text === 'string')
      maskSecret(Buffer.from(text, placement === 'data' ? 'base64' : 'utf8'), mask);
  }
}
