import { API_VERSION, type Plan } from '@slipway/core';
import { nameByContent } from '../content/name-by-content.ts';
import { jobByContent } from '../objects/jobs.ts';
import type { ReleaseIdentity, ReleaseObject, ResolvedObject } from '../request.ts';
import { compareManifests } from './compare-releases.ts';

export interface TreesRequest {
  /** Whose manifests they are. */
  readonly identity: ReleaseIdentity;
  readonly deploymentTag?: string | undefined;
  readonly before: readonly ReleaseObject[];
  readonly after: readonly ReleaseObject[];
}

/** What going from some manifests to others changes, without a cluster. A Secret changes where its reference does. */
export function planTrees({ identity, deploymentTag, before, after }: TreesRequest): Plan {
  const { application, formation, destination, namespace } = identity;
  const [old, next] = [before, after].map(objects => namedAlike(objects, identity));
  return {
    apiVersion: API_VERSION,
    kind: 'Plan',
    application,
    formation,
    destination: destination ?? '',
    namespace,
    ...(deploymentTag === undefined ? {} : { deploymentTag }),
    method: 'trees',
    limits: ['what the cluster has is not looked at: neither drift, nor conflicts, nor what it would refuse'],
    changes: compareManifests(old ?? [], next ?? []),
  };
}

/** Both sides get their contents' names by one key, so that they differ where the contents do. */
function namedAlike(objects: readonly ReleaseObject[], identity: ReleaseIdentity) {
  const placed = objects.map(
    (given): ResolvedObject => ({ ...given, object: jobByContent(given.object), source: given.object }),
  );
  const key = { bytes: Buffer.alloc(0), kept: true };
  // Stand-ins take the place of what they stand for.
  const context = { identity, seals: [], key, unseal: undefined, versionOf: () => undefined };
  return nameByContent(placed, context).objects.map(({ object }) => object);
}
