import type { ClusterClient } from '@slipway/cluster';
import { inParallel, type Release } from '@slipway/core';
import { type KubernetesObject, keyOf, kindKey, referenceTo } from '@slipway/kubernetes';
import { getsTrack, mayHaveCopy, trackOf, withTrack } from '@slipway/steps';
import type { ReleaseRequest, ResolvedObject } from '../request.ts';

/** What shows whether the pods of a Deployment change anyway. */
export interface TrackFacts {
  readonly client: Pick<ClusterClient, 'get'>;
  readonly request: Pick<ReleaseRequest, 'strategy' | 'restores'>;
  readonly previous: Release | undefined;
  /** The live objects of the release's set, by key. */
  readonly members: ReadonlyMap<string, KubernetesObject>;
}

/**
 * The objects of a release, whose Deployments have the label of stable in their pods where releases in steps need it: Services are
 * narrowed by it. Objects of a record have it or not.
 */
export async function withTracks(
  objects: readonly ResolvedObject[],
  facts: TrackFacts,
): Promise<readonly ResolvedObject[]> {
  if (facts.request.restores !== undefined) return objects;
  const manifests = (facts.previous?.manifests ?? []) as unknown as readonly KubernetesObject[];
  const recorded = new Map(manifests.map(manifest => [keyOf(manifest), manifest]));
  const claims = objects
    .map(({ object }) => object)
    .filter(object => kindKey(object) === 'PersistentVolumeClaim');
  return await inParallel(objects, async resolved => {
    const { object } = resolved;
    if (kindKey(object) !== 'Deployment.apps') return resolved;
    const mayBegin = facts.request.strategy !== undefined && mayHaveCopy(object, claims);
    return (await isTracked(object, recorded.get(keyOf(object)), facts, mayBegin))
      ? { ...resolved, object: withTrack(object, 'stable') }
      : resolved;
  });
}

async function isTracked(
  object: KubernetesObject,
  before: KubernetesObject | undefined,
  { client, members }: TrackFacts,
  mayBegin: boolean,
): Promise<boolean> {
  if (before !== undefined) return getsTrack(object, before, mayBegin);
  const member = members.get(keyOf(object));
  if (member !== undefined) return trackOf(member) !== undefined;
  // Someone else's pods do not restart for the label either.
  return mayBegin && (await client.get(referenceTo(object))) === undefined;
}
