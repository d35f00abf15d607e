import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isName } from '@slipway/core';
import type { ReleaseIdentity } from '@slipway/release';
import { type Repository, readRepository } from '@slipway/render';
import type { FormationChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import type { Checkout } from './checkout.ts';
import { chooseOne } from './choose-one.ts';
import { plainIdentity } from './plain-identity.ts';

export const DEFAULT_APPLICATION = 'slipway.yaml';

/** A formation at a destination, which may have been released already. */
export interface FoundFormation {
  readonly identity: ReleaseIdentity;
  readonly checkout?: Checkout | undefined;
}

/**
 * The formation that is meant: one of this checkout, or without a slipway.yaml one that plain manifests were released as.
 * @throws SlipwayError `destination-unclear`, and what broken files throw
 */
export async function findFormation(
  choice: FormationChoice,
  { workspace, run: { repository } }: Pick<DeliverySurroundings, 'workspace' | 'run'>,
): Promise<FoundFormation> {
  const path = choice.application === '' ? DEFAULT_APPLICATION : choice.application;
  const isPath = !isName(choice.application);
  // A path that was given must exist; the default one need not.
  if (!isPath || (choice.application === '' && !existsSync(resolve(workspace, path))))
    return { identity: plainIdentity(choice, repository) };
  const checkout = chooseCheckout(await readRepository({ workspace, application: path }), choice);
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

function chooseCheckout(
  repository: Repository,
  { formation: named, destinations }: FormationChoice,
): Checkout & { readonly name: string } {
  const formation = chooseOne(repository.formations, named === '' ? [] : [named], 'formation').value;
  const known = new Map(Object.entries(formation.spec.destinations));
  const { name, value: destination } = chooseOne(known, destinations, 'destination');
  return { repository, formation, destination, name };
}
