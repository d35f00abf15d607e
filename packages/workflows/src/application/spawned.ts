import type { Formation, SpawnedFormation } from './application.ts';

/** The environment of its jobs, and of GitHub's record of each instance: called like the formation where the destination names none. */
export function spawnedEnvironment({ name, destinations: [destination] }: SpawnedFormation): string {
  return destination?.environment ?? name;
}

/** As the formation that it is, in that environment, for what is said of every formation. */
export function asFormation(spawned: SpawnedFormation): Formation {
  const { name, secrets, at, destinations } = spawned;
  const environment = spawnedEnvironment(spawned);
  const waves = [destinations.map(destination => ({ ...destination, environment }))];
  return { name, secrets, waves, ...(at && { at }) };
}
