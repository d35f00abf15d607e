import {
  branchKeyOf,
  type Destination,
  type Formation,
  NEVER_SPAWNED,
  SPAWN_WORD,
  spawnedName,
  spawnKeyOf,
} from '@slipway/core';
import type { FormationFile, Repository, Spawned } from './repository.ts';
import { keyInvalid, notSpawned, severalSpawned } from './spawn-errors.ts';

/** For what a formation is spawned. */
export type SpawnFor =
  /** The number of a pull request, or the name of a branch. */
  | { readonly text: string }
  /** A branch, which may be called like a number. */
  | { readonly branch: string };

/**
 * The repository with the instance of its spawned formation for a pull request or a branch: `preview-1234` beside what is declared.
 * @param formations the one that is meant; none for the only one that is spawned
 * @throws SlipwayError `spawn-unknown`, `spawn-key-invalid`
 */
export function spawn(repository: Repository, what: SpawnFor, formations: readonly string[]): Repository {
  const file = chooseSpawning(repository.spawning, formations);
  const { name, spawned, lineage, ...instance } = instanceOf(
    file,
    keyFor(what, file.formation.metadata.name),
  );
  return {
    ...repository,
    formationFiles: new Map([...repository.formationFiles, [name, instance.file]]),
    formations: new Map([...repository.formations, [name, instance.file.formation]]),
    spawned: new Map([[name, spawned]]),
    values: repository.values.withFormation(name, lineage),
    // What is written for others, for all or for what this one extends is never its own.
    secrets: repository.secrets.withFormation(name, [name, spawned.from], 'named only'),
  };
}

function chooseSpawning(spawning: Repository['spawning'], formations: readonly string[]): FormationFile {
  const known = [...spawning.keys()];
  const [name = known[0], ...others] = formations.length === 0 ? known : formations;
  const file = name === undefined ? undefined : spawning.get(name);
  if (file === undefined) throw notSpawned(name, known);
  if (others.length > 0) throw severalSpawned([name ?? '', ...others]);
  return file;
}

function keyFor(what: SpawnFor, formation: string): string {
  const key = 'branch' in what ? branchKeyOf(what.branch, formation) : spawnKeyOf(what.text, formation);
  if (key === undefined) throw keyInvalid('branch' in what ? what.branch : what.text, formation);
  return key;
}

interface Instance {
  readonly name: string;
  readonly file: FormationFile;
  readonly spawned: Spawned;
  readonly lineage: readonly string[];
}

function instanceOf(file: FormationFile, key: string): Instance {
  const { formation, bases } = file;
  const from = formation.metadata.name;
  const { spawn: block } = formation.spec;
  if (block === undefined) throw new TypeError(`${from} is not spawned`);
  const name = spawnedName(from, key);
  const lineage = [name, from, ...bases.map(base => base.formation.metadata.name)];
  const own = { ...formation, metadata: { name }, spec: ownSpec(formation.spec, key) };
  return { name, file: { ...file, formation: own }, spawned: { from, key, block }, lineage };
}

/** Without what an instance never has, wherever it comes from, and in its own namespace where it has one. */
function ownSpec(spec: Formation['spec'], key: string): Formation['spec'] {
  const never = new Set<string>(['spawn', ...NEVER_SPAWNED]);
  const destinations = Object.entries(spec.destinations).map(([name, destination]): [string, Destination] => [
    name,
    { ...destination, namespace: destination.namespace.replace(SPAWN_WORD, key) },
  ]);
  const own = Object.entries({ ...spec, destinations: Object.fromEntries(destinations) });
  return Object.fromEntries(own.filter(([field]) => !never.has(field))) as unknown as Formation['spec'];
}
