import { type Answer, lastPassed } from './last-known.ts';
import type { PassedSnapshot, SeenDestination, StatusRegistry } from './seen.ts';

/** What succeeded at every destination of a formation. */
export interface PassedThere {
  readonly snapshot: PassedSnapshot;
  /** Why it is not known with which configuration that was. */
  readonly unknown?: string | undefined;
}

/**
 * The snapshot that succeeded at every destination of the formation that a destination is promoted from.
 * @returns why that is not one snapshot, if it is not
 */
export async function passedIn(
  formation: string,
  seen: readonly SeenDestination[],
  first: SeenDestination | undefined,
  registry: StatusRegistry | undefined,
): Promise<PassedThere | string> {
  const { destinations = {} } = first?.target.checkout?.repository.formations.get(formation)?.spec ?? {};
  const passed: PassedSnapshot[] = [];
  for (const destination of Object.keys(destinations)) {
    const one = await passedAt({ formation, destination }, seen, registry);
    if (one.result === undefined) {
      const why = one.problem === undefined ? '' : `: ${one.problem}`;
      return `what succeeded at ${formation}/${destination} is not known${why}`;
    }
    passed.push(one.result);
  }
  const [newest, ...others] = passed;
  if (newest === undefined) return `the formation ${formation} has no destinations`;
  if (others.some(({ deploymentTag }) => deploymentTag !== newest.deploymentTag))
    return `different snapshots passed last at the destinations of ${formation}`;
  if (others.every(({ configCommit }) => configCommit === newest.configCommit)) return { snapshot: newest };
  const { configCommit: _, ...snapshot } = newest;
  return { snapshot, unknown: `different configuration passed last at the destinations of ${formation}` };
}

async function passedAt(
  at: { readonly formation: string; readonly destination: string },
  seen: readonly SeenDestination[],
  registry: StatusRegistry | undefined,
): Promise<Answer<PassedSnapshot | undefined>> {
  const known = seen.find(({ target: { identity } }) => {
    return identity.formation === at.formation && identity.destination === at.destination;
  });
  const live = known?.live;
  if (live?.verdict === 'succeeded' && live.deploymentTag !== undefined) return { result: live };
  return registry === undefined ? {} : await lastPassed(registry, at);
}
