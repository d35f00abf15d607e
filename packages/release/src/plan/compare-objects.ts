import type { ClusterClient } from '@slipway/cluster';
import { defined, inParallel, type Problem, type Release } from '@slipway/core';
import {
  isDefinition,
  isNamespace,
  type KubernetesObject,
  keyOf,
  namespaceOf,
  objectKey,
} from '@slipway/kubernetes';
import { collectRefusal } from '../cluster/expected-errors.ts';
import type { KindsOfServer } from '../cluster/live.ts';
import type { NamedRelease } from '../content/name-release.ts';
import { applySetId } from '../names.ts';
import type { ReplicasByKey } from '../objects/autoscaling.ts';
import { sealsByObject } from '../objects/body.ts';
import { placeOf } from '../objects/place.ts';
import type { Access } from '../refusals/access.ts';
import type { ReleaseRequest } from '../request.ts';
import { compareObject } from './compare.ts';
import type { CompareContext, PreparedObject } from './compared.ts';

/** What is compared, with the results of the stages before. */
interface Comparison {
  readonly client: ClusterClient;
  readonly request: ReleaseRequest;
  readonly signal?: AbortSignal | undefined;
  readonly kinds: KindsOfServer;
  readonly access: Access;
  readonly members: ReadonlyMap<string, KubernetesObject>;
  readonly named: NamedRelease;
  readonly replicas: ReplicasByKey;
  /** Namespaces that are being deleted: whatever is compared with them is refused already. */
  readonly terminating: ReadonlySet<string>;
  readonly previous: Release | undefined;
  readonly newest: Release | undefined;
}

interface ComparedObjects {
  readonly objects: readonly PreparedObject[];
  /** Every refusal, in the order of the objects. */
  readonly problems: readonly Problem[];
}

/** Compares each object with what the cluster has, some at a time; none if the cluster is not the destination. */
export async function compareObjects(comparison: Comparison): Promise<ComparedObjects> {
  if (comparison.access.level === 'none') return { objects: [], problems: [] };
  const context = contextOf(comparison);
  const { named, terminating } = comparison;
  const lasting = named.objects.filter(({ object }) => !terminating.has(namespaceOf(object)));
  const results = await inParallel(lasting, async object => {
    comparison.signal?.throwIfAborted();
    const problems: Problem[] = [];
    const compared = await collectRefusal(problems, object, () => compareObject(context, object, problems));
    return {
      compared,
      problems: problems.map(problem => ({ ...defined({ at: placeOf(object) }), ...problem })),
    };
  });
  return {
    objects: results.flatMap(({ compared }) => compared ?? []),
    problems: results.flatMap(({ problems }) => problems),
  };
}

/** A release has thousands of objects, each of which is looked up. */
function indexed(previous: Release | undefined): CompareContext['recorded'] {
  const objects = previous?.objects ?? [];
  const all = [...objects, ...(previous?.pending ?? [])];
  return {
    uidOf: new Map(objects.map(object => [objectKey(object), object.uid])),
    // If two have one UID, the first counts.
    byUid: new Map(
      all.toReversed().flatMap(object => (object.uid === undefined ? [] : [[object.uid, object]])),
    ),
  };
}

function contextOf(comparison: Comparison): CompareContext {
  const { client, request, kinds, access, members, named, replicas, previous, newest } = comparison;
  const { identity, seals } = request;
  const brought = named.objects.map(({ object }) => object);
  const manifests = (previous?.manifests ?? []) as unknown as readonly KubernetesObject[];
  return {
    client,
    request,
    ...kinds,
    members,
    replicas,
    previous,
    // What carries an open release on is to write the selectors that it holds.
    newest: request.continues === undefined ? newest : undefined,
    missing: access.missing,
    unseal: named.unseal,
    versionOf: named.versionOf,
    set: applySetId(identity, identity.namespace),
    seals: sealsByObject(seals, identity.namespace),
    descriptions: new Map(),
    definitions: brought.filter(isDefinition),
    namespaces: new Set(brought.filter(isNamespace).map(({ metadata }) => metadata.name)),
    recorded: indexed(previous),
    jobs: previous?.jobs ?? {},
    applied: new Map(manifests.map(object => [keyOf(object), object])),
  };
}
