import type { ClusterClient } from '@slipway/cluster';
import { inParallel } from '@slipway/core';
import {
  type KubernetesObject,
  labelsOf,
  objectAt,
  objectKey,
  PART_OF,
  referenceTo,
  TRACK,
} from '@slipway/kubernetes';
import { type Copy, foreignCopy, type StepsProblem } from '@slipway/steps';
import { applySetId } from '../names.ts';
import { markedOwner } from '../refusals/owners.ts';
import type { ReleaseRequest } from '../request.ts';

/** Live objects under the names of copies that are not leftovers of an earlier release in steps. */
export async function foreignCopies(
  {
    client,
    request: { identity },
  }: { readonly client: Pick<ClusterClient, 'get'>; readonly request: ReleaseRequest },
  copies: readonly Copy[],
): Promise<StepsProblem[]> {
  const set = applySetId(identity, identity.namespace);
  const found = await inParallel(copies, async ({ object, copyOf }) => {
    const live = await client.get(referenceTo(object));
    if (live === undefined || isLeftover(live, set)) return [];
    const original = { ...object, metadata: { ...object.metadata, name: copyOf } };
    return [foreignCopy(live, original, markedOwner(live, set))];
  });
  return found.flat();
}

/** Whether an object is a temporary copy of this formation: it selects the pods of a copy, as no manifest can say. */
export function isLeftover(live: KubernetesObject, set: string): boolean {
  const maps = [objectAt(live, 'spec', 'selector'), objectAt(live, 'spec', 'selector', 'matchLabels')];
  return labelsOf(live)[PART_OF] === set && maps.some(map => map?.[TRACK] === 'next');
}

/** The keys of copies. */
export function copyKeys(copies: readonly Copy[]): ReadonlySet<string> {
  return new Set(copies.map(({ object }) => objectKey(referenceTo(object))));
}
