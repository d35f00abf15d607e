import type { Release } from '@slipway/core';
import { isJob } from '@slipway/kubernetes';
import type { WatchedObject } from '@slipway/rollout';
import { applySetId } from '../names.ts';

/** The objects of a release, with what shows whether each is still the one that it wrote, and which Jobs have run. */
export function watchedObjects(release: Release): readonly WatchedObject[] {
  const mark = { release: release.number, set: applySetId(release, release.namespace) };
  const jobs = new Set(Object.values(release.jobs ?? {}));
  return release.objects.map(object => ({ ...object, mark, ran: isJob(object) && jobs.has(object.name) }));
}
