import { defined } from '@slipway/core';
import { selectTargets } from '@slipway/render';
import type { Baseline } from '../old-objects/baseline.ts';
import { readBefore } from '../old-objects/compare-with.ts';
import type { CheckManifestsRequest } from '../request/request.ts';
import type { Repositories } from './repositories.ts';
import type { RemovedTarget } from './target.ts';

/** The destinations that only the base commit has. A check of some formations or destinations is not about others. */
export async function removedTargets(
  { repository, base, ofBase }: Repositories & { readonly ofBase: Baseline | undefined },
  { formations, destinations }: CheckManifestsRequest,
): Promise<readonly RemovedTarget[]> {
  if (base === undefined || base.formations.size === 0) return [];
  if (formations.length > 0 || destinations.length > 0) return [];
  const gone = selectTargets(base, [], []).filter(
    ({ formation, destination }) =>
      repository.formations.get(formation)?.spec.destinations[destination] === undefined,
  );
  return await Promise.all(
    gone.map(async ({ formation, destination }) => {
      const namespace = base.formations.get(formation)?.spec.destinations[destination]?.namespace ?? '';
      const before = await readBefore(ofBase, {
        objects: [],
        namespace,
        rendered: { formation, destination },
      });
      return { formation, destination, namespace, ...defined({ before }) };
    }),
  );
}
