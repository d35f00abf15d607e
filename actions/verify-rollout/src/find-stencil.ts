import { join } from 'node:path';
import { objectKey, type Position, type Release, referenceTo } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { Fault } from '@slipway/rollout';

/**
 * The place of the stencil in which the fault lies, where this job rendered the release itself: what is on disk must be what was
 * deployed, by digest. Elsewhere there is none, and that is no failure.
 */
export async function findStencil(
  fault: Fault | undefined,
  { application, formation, destination, digest }: Release,
  { temporaryDirectory }: Pick<Runner, 'temporaryDirectory'>,
): Promise<Position | undefined> {
  if (fault === undefined || destination === undefined || digest === undefined) return undefined;
  const { readRenderedTree } = await import('@slipway/render');
  const folder = join(temporaryDirectory, 'slipway', application, formation, destination);
  const [tree] = await readRenderedTree(folder).catch(() => []);
  if (tree?.rendered.digest !== digest) return undefined;
  const manifest = tree.objects.find(({ object }) => isSame(fault, referenceTo(object)));
  return manifest?.placeOf(fault.pointer === '' ? '/metadata/name' : fault.pointer);
}

/** A manifest need not name its namespace. */
function isSame({ object }: Fault, reference: Fault['object']): boolean {
  const { namespace = object.namespace } = reference;
  return objectKey({ ...reference, ...(namespace === undefined ? {} : { namespace }) }) === objectKey(object);
}
