import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isName, quote, throwIfAny } from '@slipway/core';
import { disagreements } from '@slipway/release';
import { type Repository, readRepository } from '@slipway/render';
import type { FormationChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { chooseOne } from './choose-one.ts';
import type { FoundFormation } from './found-formation.ts';
import { plainIdentity } from './plain-identity.ts';
import { findRemoved } from './removed.ts';
import { withInstance, withRegistry } from './with-instance.ts';

export const DEFAULT_APPLICATION = 'slipway.yaml';

type FindSurroundings = Pick<DeliverySurroundings, 'workspace' | 'run'>;

/**
 * The formation that is meant: one of this checkout, or without a slipway.yaml one that plain manifests were released as.
 * @throws SlipwayError `destination-unclear`, `destination-differs`, and what broken files throw
 */
export async function findFormation(
  choice: FormationChoice,
  surroundings: FindSurroundings,
): Promise<FoundFormation> {
  const repository = await readCheckout(choice, surroundings);
  return repository === undefined
    ? { identity: plainIdentity(choice, surroundings.run.repository) }
    : findDeclared(...withInstance(repository, choice), surroundings);
}

/**
 * As `findFormation`, but also a formation or a destination that was taken out of this checkout, if its namespace is given: what was
 * released there can still be listed, rolled back and removed.
 */
export async function findReleased(
  choice: FormationChoice,
  surroundings: FindSurroundings,
): Promise<FoundFormation> {
  const read = await readCheckout(choice, surroundings);
  if (read === undefined) return { identity: plainIdentity(choice, surroundings.run.repository) };
  // What has a namespace may have been spawned by a formation that is not, any more.
  const [repository, named] = isGiven(choice) ? [read, choice] : withInstance(read, choice);
  return (
    findRemoved(repository, named, surroundings.run.repository) ??
    findDeclared(repository, named, surroundings, movedAway(repository, named))
  );
}

/** Whether what is named says by itself where it is. */
function isGiven({ spawn, formation, namespace }: FormationChoice): boolean {
  return spawn === undefined && formation !== '' && namespace !== '';
}

/**
 * Checks that what is named was not taken out of this checkout, where its namespace, which leads to it, is not given.
 * @throws SlipwayError `destination-unclear`
 */
export async function refuseTakenOut(choice: FormationChoice, surroundings: FindSurroundings): Promise<void> {
  const read = await readCheckout(choice, surroundings);
  if (read === undefined) return;
  const [repository, named] = withInstance(read, choice);
  findRemoved(repository, named, surroundings.run.repository);
}

/** A destination may have had another namespace before, which the files do not have any more: only a name leads there. */
function movedAway({ application }: Repository, { namespace }: FormationChoice): string {
  const { name } = application.metadata;
  return `; for what was released to ${quote(namespace)} before, set application to ${quote(name)}, the name, and name the formation`;
}

/** The repository as it is checked out, with the registry that was chosen instead of its own. */
export async function readCheckout(
  { application, registry }: FormationChoice,
  { workspace }: FindSurroundings,
): Promise<Repository | undefined> {
  if (isName(application)) return undefined;
  const path = application === '' ? DEFAULT_APPLICATION : application;
  // A path that was given must exist; the default one need not.
  if (application === '' && !existsSync(resolve(workspace, path))) return undefined;
  const repository = await readRepository({ workspace, application: path });
  return registry ? withRegistry(repository, registry) : repository;
}

function findDeclared(
  repository: Repository,
  choice: FormationChoice,
  { run }: FindSurroundings,
  before?: string,
): FoundFormation {
  const { formation: named, destinations } = choice;
  const formation = chooseOne(repository.formations, named === '' ? [] : [named], 'formation').value;
  const known = new Map(Object.entries(formation.spec.destinations));
  const { name, value: destination } = chooseOne(known, destinations, 'destination');
  const identity = {
    application: repository.application.metadata.name,
    formation: formation.metadata.name,
    destination: name,
    namespace: destination.namespace,
    repository: run.repository,
  };
  throwIfAny(disagreements(choice, `${identity.formation}/${name}`, destination, before));
  return { identity, checkout: { repository, formation, destination } };
}
