import { Problems } from '@slipway/core';

/** Images that need no build, by service; undefined where there is a problem, which is told at the end. */
export type ReadyImages<Ready> = ReadonlyMap<string, Promise<Ready | undefined>>;

/**
 * Makes images ready that need no build, and builds the others at the same time, as one keeps the network busy and the other
 * processors. What was built comes first.
 * @param build gets the images that builds may start from
 * @throws SlipwayError with every problem of every image
 */
export async function buildBeside<Built, Ready>(
  unbuilt: ReadonlyMap<string, () => Promise<Ready>>,
  build: (ready: ReadyImages<Ready>) => Promise<readonly Built[]>,
): Promise<(Built | Ready)[]> {
  const problems = new Problems();
  const ready = new Map([...unbuilt].map(([service, start]) => [service, problems.collect(start)] as const));
  const building = problems.collect(() => build(ready));
  const [found, built] = await Promise.all([Promise.all(ready.values()), building]);
  problems.throwIfAny();
  return [...(built ?? []), ...found.filter(image => image !== undefined)];
}
