import { SlipwayError, spawningOf } from '@slipway/core';
import { keyMissing, type Repository, type Spawned, spawn } from '@slipway/render';
import type { FormationChoice } from '../request.ts';

/**
 * The repository with the instance that is meant, whose images are in the registry of its block, and the choice by the name of that
 * instance. Without a key both as they are.
 * @throws SlipwayError `spawn-unknown`, `spawn-key-invalid`, what `blockOf` throws, and `spawn-key-missing` where a key should be given
 */
export function withInstance<Choice extends FormationChoice>(
  repository: Repository,
  choice: Choice,
): readonly [Repository, Choice] {
  if (choice.spawn === undefined) {
    refuseSpawning(repository, choice.formation);
    return [repository, choice];
  }
  const own = spawn(repository, choice.spawn.what, choice.formation === '' ? [] : [choice.formation]);
  const [[name, instance] = []] = own.spawned ?? [];
  if (name === undefined || instance === undefined) throw new TypeError('nothing was spawned');
  const declared = repository.spawning.get(instance.from);
  if (declared === undefined) throw new TypeError(`${instance.from} is not spawned`);
  const block = choice.spawn.blockOf?.(instance.from, declared.formation) ?? instance.block;
  const spawned: ReadonlyMap<string, Spawned> = new Map([[name, { ...instance, block }]]);
  return [
    { ...withRegistry(own, choice.registry || block.registry), spawned },
    { ...choice, formation: name },
  ];
}

/** The repository with another registry than its own. */
export function withRegistry(repository: Repository, registry: string): Repository {
  const { application } = repository;
  return { ...repository, application: { ...application, spec: { ...application.spec, registry } } };
}

/** @throws SlipwayError `spawn-key-missing` for a formation of which there are instances only, and for an instance that is named */
export function refuseSpawning({ spawning }: Pick<Repository, 'spawning'>, formation: string): void {
  const from = spawning.has(formation) ? formation : spawningOf(formation, spawning.keys());
  if (from !== undefined) throw new SlipwayError(keyMissing(from));
}

/** What a formation of a checkout is an instance of, if it is one. */
export function spawnedOf({
  identity,
  checkout,
}: {
  readonly identity: { readonly formation: string };
  readonly checkout?: { readonly repository: Repository } | undefined;
}): Spawned | undefined {
  return checkout?.repository.spawned?.get(identity.formation);
}
