import type { Formation, SpawnedFormation } from './application.ts';

/** The environment of its jobs, and of GitHub's record of each instance: called like the formation where the destination names none. */
export function spawnedEnvironment({ name, destinations: [destination] }: SpawnedFormation): string {
  return destination?.environment ?? name;
}

/** The environment of the login that makes and removes namespaces of instances, which admits the default branch only. */
export function roomEnvironment(spawned: SpawnedFormation): string {
  return `${spawnedEnvironment(spawned)}-room`;
}

/** As the formation that it is, in that environment, for what is said of every formation. */
export function asFormation(
  spawned: SpawnedFormation,
  environment: string = spawnedEnvironment(spawned),
): Formation {
  const { name, secrets, at, destinations } = spawned;
  const waves = [destinations.map(destination => ({ ...destination, environment }))];
  return { name, secrets, waves, ...(at && { at }) };
}
