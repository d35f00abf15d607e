import type { ClusterClient } from '@slipway/cluster';
import type { RecordedObject, Release } from '@slipway/core';
import { isJob, type KubernetesObject, objectKey, referenceTo } from '@slipway/kubernetes';
import type { WatchedObject } from '@slipway/rollout';
import { applySetId } from '../names.ts';
import { releasedContent } from './released-content.ts';

/**
 * The objects of a release, with what shows whether each is still the one that it wrote, and as it wrote it, and which Jobs have run.
 */
export function watchedObjects(client: ClusterClient, release: Release): readonly WatchedObject[] {
  const mark = { release: release.number, set: applySetId(release, release.namespace) };
  const jobs = new Set(Object.values(release.jobs ?? {}));
  const manifests = new Map(manifestsOf(release).map(object => [objectKey(referenceTo(object)), object]));
  return release.objects.map(object => {
    const declared = manifests.get(objectKey(object));
    const ran = isJob(object) && jobs.has(object.name);
    const content =
      declared === undefined || isEarlierJob(object) ? undefined : releasedContent(client, release, declared);
    return { ...object, mark, ran, declared, content };
  });
}

function manifestsOf({ manifests }: Release): readonly KubernetesObject[] {
  return manifests as unknown as readonly KubernetesObject[];
}

/** A Job of an earlier release is the same one by what it runs, whatever else its manifest says by now. */
function isEarlierJob({ kind, apiVersion, written }: RecordedObject): boolean {
  return isJob({ kind, apiVersion }) && !written;
}
