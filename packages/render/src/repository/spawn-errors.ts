import {
  type Application,
  didYouMean,
  type Formation,
  maxKeyLength,
  type Problem,
  quote,
  SlipwayError,
  type Snapshot,
  spawningOf,
} from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FormationFile, Repository } from './repository.ts';
import { roomQuotaProblems } from './room-quota.ts';
import { samePrefixes } from './spawn-prefixes.ts';

type Files = ReadonlyMap<string, Pick<FormationFile, 'formation' | 'document'>>;

/** What is wrong with formations beside each other, if some of them are spawned. */
export function spawningProblems(
  files: Files,
  application: Application | undefined,
): Problem<RenderErrorCode>[] {
  const spawning = [...files].filter(([, { formation }]) => formation.spec.spawn !== undefined);
  const names = spawning.map(([name]) => name);
  const alone = [...files].flatMap(([name, { formation, document }]) => {
    const of = spawningOf(name, names);
    return [
      ...(of === undefined ? [] : [nameTaken(name, of, document.positionOf(['metadata', 'name']))]),
      ...(formation.spec.spawn !== undefined && formation.spec.spawn.registry === application?.spec.registry
        ? [registryShared(formation, document.positionOf(['spec', 'spawn', 'registry']))]
        : []),
      ...roomQuotaProblems({ formation, document }),
    ];
  });
  return [...alone, ...samePrefixes(files)];
}

function nameTaken(name: string, of: string, at: Problem['at']): Problem<RenderErrorCode> {
  return {
    code: 'spawn-name-taken',
    ...(at && { at }),
    message: `the formation ${quote(name)} has the name of an instance of ${quote(of)}, which is spawned`,
    remedy: `rename it, so that it does not begin with ${quote(`${of}-`)}`,
  };
}

function registryShared({ metadata, spec }: Formation, at: Problem['at']): Problem<RenderErrorCode> {
  return {
    code: 'spawn-registry-shared',
    ...(at && { at }),
    message: `instances of ${quote(metadata.name)} would push to ${quote(spec.spawn?.registry ?? '')}, which is the registry of the application`,
    remedy: 'give them another repository, such as the same with -preview at its end',
  };
}

/** A key without a formation that has instances. */
export function notSpawned(
  named: string | undefined,
  spawning: readonly string[],
): SlipwayError<RenderErrorCode> {
  if (named === undefined)
    return error(
      'spawn-unknown',
      'the input "spawn" is set, and no formation has a spawn block',
      'add spec.spawn to a formation, or remove the input',
    );
  return error(
    'spawn-unknown',
    `the input "spawn" is set, and the formation ${quote(named)} has no spawn block`,
    didYouMean(named, spawning) ||
      (spawning.length === 0
        ? 'add spec.spawn to it, or remove the input'
        : `set formation to one of ${spawning.map(quote).join(', ')}, or remove the input`),
  );
}

/** A step is about one instance, which has a registry and a comment of its own. */
export function severalSpawned(names: readonly string[]): SlipwayError<RenderErrorCode> {
  return error(
    'spawn-unknown',
    `the input "spawn" is set, and it is not clear for which of the formations ${names.map(quote).join(', ')}`,
    'set formation to one of them',
  );
}

export function keyInvalid(text: string, formation: string): SlipwayError<RenderErrorCode> {
  return error(
    'spawn-key-invalid',
    `the input "spawn" is ${quote(text)}, which is neither the number of a pull request nor the name of a branch`,
    `give such as 1234 or feature/login; ${quote(formation)} has keys of at most ${maxKeyLength(formation)} characters, and shortens longer names of branches`,
  );
}

/** A formation that has instances only, where one is named and no key is given. */
export function keyMissing(formation: string): Problem<RenderErrorCode> {
  return {
    code: 'spawn-key-missing',
    message: `the formation ${quote(formation)} is spawned, and it is not said for which pull request or branch`,
    remedy: 'set the input "spawn" to the number of the pull request or the name of the branch',
  };
}

/**
 * Refuses images that were built for an instance, of code that no one has reviewed, where anything else is released, and images of
 * anything else for an instance, which has them copied into its own registry.
 * @param key the one of the instance that takes the snapshot; undefined for a formation that is not spawned
 * @throws SlipwayError `snapshot-of-instance`, `snapshot-not-spawned`
 */
export function refuseForeignSnapshot(
  { spawn, deploymentTag }: Pick<Snapshot, 'spawn' | 'deploymentTag'>,
  key: string | undefined,
): void {
  if (spawn === key) return;
  if (spawn === undefined)
    throw error(
      'snapshot-not-spawned',
      `the snapshot ${quote(deploymentTag)} was built for no instance, and the one with the key ${quote(key ?? '')} takes only what was built for it`,
      'set the input "spawn" of build-retag as in this step, which copies what the pull request does not touch',
    );
  throw error(
    'snapshot-of-instance',
    `the snapshot ${quote(deploymentTag)} was built for the instance with the key ${quote(spawn)}, and only that one takes it`,
    'merge the change, and name what was built of the branch then',
  );
}

/** Each promotion that anyone who may push a branch could forge, as jobs of pull requests hold a right to push. */
export function unsignedPromotions(
  { spawning, formationFiles }: Pick<Repository, 'spawning' | 'formationFiles'>,
  formations: Iterable<string>,
): Problem<RenderErrorCode>[] {
  const [spawned] = spawning.keys();
  if (spawned === undefined) return [];
  return [...formations].flatMap((name): Problem<RenderErrorCode>[] => {
    const from = formationFiles.get(name)?.formation.spec['promoted-from'];
    return from === undefined ? [] : [unsigned(name, from, spawned)];
  });
}

function unsigned(name: string, from: string, spawned: string): Problem<RenderErrorCode> {
  return {
    code: 'promotion-unsigned',
    message: `the formation ${quote(name)} is promoted from ${quote(from)} without a record-key, and the formation ${quote(spawned)} is spawned`,
    remedy: 'set the input record-key in all steps that release, and in none of an instance',
  };
}

function error(code: RenderErrorCode, message: string, remedy: string): SlipwayError<RenderErrorCode> {
  return new SlipwayError({ code, message, remedy });
}
