import { join } from 'node:path';
import type { Position, Release } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { isJob, mayBeJob, objectKey, referenceTo } from '@slipway/kubernetes';
import type { Fault } from '@slipway/rollout';

/**
 * The position in the stencil that the fault is in, if this job rendered the release itself: what is on disk must be what was
 * deployed, by digest. In other jobs there is none, which is not a failure.
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
  return manifest?.positionAt(fault.pointer === '' ? '/metadata/name' : fault.pointer);
}

/** A manifest need not name its namespace, and a release gives each Job a name of its content's. */
function isSame({ object }: Fault, reference: Fault['object']): boolean {
  const { namespace = object.namespace } = reference;
  const home = namespace === undefined ? {} : { namespace };
  if (objectKey({ ...reference, ...home }) === objectKey(object)) return true;
  return isJob(object) && isJob(reference) && mayBeJob(object.name, reference.name);
}
