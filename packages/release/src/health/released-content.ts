import type { ClusterClient } from '@slipway/cluster';
import type { Release } from '@slipway/core';
import { annotationOf, type KubernetesObject, RELEASE, referenceTo } from '@slipway/kubernetes';
import type { ReleasedContent } from '@slipway/rollout';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { fieldManager } from '../names.ts';
import { overwrites } from '../objects/overwrites.ts';
import { ownersOf } from '../objects/ownership.ts';
import { describeChanges } from './describe-changes.ts';

/** Whether an object still is as a release applied it, by who owns its fields, and where that is someone else, by their values. */
export function releasedContent(
  client: ClusterClient,
  release: Release,
  manifest: KubernetesObject,
): ReleasedContent {
  const manager = fieldManager(release);
  return {
    isTouched: live => overwrites(manifest, live, ownersOf(live, manager)).length > 0,
    changes: async seen => {
      // Without the right to read it the values are not known, but who wrote them last is.
      const live = (await unlessForbidden(client.get(referenceTo(manifest)))) ?? seen;
      // A newer release supersedes this one.
      if (Number(annotationOf(live, RELEASE) ?? 0) > release.number) return undefined;
      const found = overwrites(manifest, live, ownersOf(live, manager));
      return await describeChanges(found, { client, manifests: manifestsOf(release), manifest });
    },
  };
}

function manifestsOf({ manifests }: Release): readonly KubernetesObject[] {
  return manifests as unknown as readonly KubernetesObject[];
}
