import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { didYouMean, isName, quote, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { ReleaseIdentity } from '@slipway/release';
import { type Repository, readRepository } from '@slipway/render';
import type { DeployErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import { plainIdentity } from './read-plain.ts';
import type { Checkout } from './source.ts';

const DEFAULT_APPLICATION = 'slipway.yaml';

/** A formation that is in a cluster already. */
export interface Deployed {
  readonly identity: ReleaseIdentity;
  readonly checkout?: Checkout | undefined;
}

/**
 * Which formation the inputs mean: one of the checkout's, or where there is no slipway.yaml one that plain manifests were deployed
 * as.
 * @throws SlipwayError `destination-unclear`, and what broken files give
 */
export async function findDeployed(inputs: Inputs, runner: Runner): Promise<Deployed> {
  const path = inputs.application === '' ? DEFAULT_APPLICATION : inputs.application;
  const { repository } = runner.context;
  if (isName(inputs.application) || !(await exists(resolve(runner.workspace, path), inputs.application)))
    return { identity: { ...plainIdentity(inputs, runner), repository } };
  const checkout = choose(await readRepository({ workspace: runner.workspace, application: path }), inputs);
  const { formation, destination, name } = checkout;
  return {
    identity: {
      application: checkout.repository.application.metadata.name,
      formation: formation.metadata.name,
      destination: name,
      namespace: destination.namespace,
      repository,
    },
    checkout,
  };
}

/** A path that was given has to be there; the default one need not. */
async function exists(path: string, given: string): Promise<boolean> {
  if (given !== '') return true;
  return await access(path).then(
    () => true,
    () => false,
  );
}

function choose(repository: Repository, inputs: Inputs): Checkout & { readonly name: string } {
  const formation = only(repository.formations, inputs.formation, 'formation');
  const destinations = new Map(Object.entries(formation.value.spec.destinations));
  const destination = only(destinations, inputs.destination, 'destination');
  return { repository, formation: formation.value, destination: destination.value, name: destination.name };
}

/** The one that is named, or the only one there is. */
function only<Value>(
  known: ReadonlyMap<string, Value>,
  name: string,
  what: string,
): { name: string; value: Value } {
  const names = [...known.keys()];
  const chosen = name === '' && names.length === 1 ? (names[0] ?? '') : name;
  const value = known.get(chosen);
  if (value !== undefined) return { name: chosen, value };
  throw new SlipwayError<DeployErrorCode>({
    code: 'destination-unclear',
    message:
      chosen === '' ? `it is not clear which ${what} is meant` : `there is no ${what} ${quote(chosen)}`,
    remedy: didYouMean(chosen, names) || `set ${what} to one of ${names.map(quote).join(', ')}`,
  });
}
