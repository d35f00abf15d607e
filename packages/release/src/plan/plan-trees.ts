import { API_VERSION, defined, type Plan } from '@slipway/core';
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

/** The changes from one set of manifests to another, without a cluster. A Secret changes if its reference does. */
export function planTrees({ identity, deploymentTag, before, after }: TreesRequest): Plan {
  const { application, formation, destination, namespace } = identity;
  const [old, next] = [before, after].map(objects => namedWithOneKey(objects, identity));
  return {
    apiVersion: API_VERSION,
    kind: 'Plan',
    application,
    formation,
    destination: destination ?? '',
    namespace,
    ...defined({ deploymentTag }),
    method: 'trees',
    limits: ['the cluster was not asked: drift, conflicts and what it would refuse are not known'],
    changes: compareManifests(old ?? [], next ?? []),
  };
}

/** Both sides are named with the same key, so that names differ exactly if the contents do. */
function namedWithOneKey(objects: readonly ReleaseObject[], identity: ReleaseIdentity) {
  const placed = objects.map(
    (given): ResolvedObject => ({ ...given, object: jobByContent(given.object), source: given.object }),
  );
  const key = { bytes: Buffer.alloc(0), kept: true };
  // Stand-ins are hashed instead of the secrets.
  const context = { identity, seals: [], key, unseal: undefined, versionOf: () => undefined };
  return nameByContent(placed, context).objects.map(({ object }) => object);
}
