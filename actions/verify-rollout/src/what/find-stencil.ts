import { join } from 'node:path';
import type { Position, Release } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { objectKey, referenceTo } from '@slipway/kubernetes';
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
  const key = objectKey({ ...reference, ...home });
  if (key === objectKey(object)) return true;
  const rendered = renderedName(object);
  return rendered !== undefined && rendered === startOf(reference.name) && reference.kind === object.kind;
}

/** What a release puts behind the name of a Job, and how much of the name it leaves: packages/release/src/objects/jobs.ts. */
const CONTENT_SUFFIX = /-[0-9a-f]{10}$/;
const LONGEST_START = 52;

function renderedName({ kind, name }: Fault['object']): string | undefined {
  return kind === 'Job' && CONTENT_SUFFIX.test(name) ? name.replace(CONTENT_SUFFIX, '') : undefined;
}

function startOf(name: string): string {
  return name.slice(0, LONGEST_START).replace(/[-.]+$/, '');
}
