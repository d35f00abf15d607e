import type { ClusterClient } from '@slipway/cluster';
import { type Problem, quote, SLIPWAY_VERSION, textMap } from '@slipway/core';
import {
  ADDITIONAL_NAMESPACES,
  APPLICATION,
  APPLYSET_ID,
  FORMATION,
  GROUP_KINDS,
  type KubernetesObject,
  kindKey,
  type ObjectReference,
  REPOSITORY,
  TOOLING,
} from '@slipway/kubernetes';
import { unlessCode } from '../cluster/expected-errors.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { applySetId, fieldManager, ownerName } from '../names.ts';
import { forVersion } from '../objects/identity.ts';
import type { ReleaseIdentity } from '../request.ts';

const OUR_TOOLING = `slipway/v${SLIPWAY_VERSION}`;

/** The kinds and foreign namespaces that a set's members are in. */
export interface Reach {
  readonly groupKinds: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
}

export function reachOf(objects: readonly ObjectReference[], home: string): Reach {
  const namespaces = objects.flatMap(({ namespace }) =>
    namespace === undefined || namespace === home ? [] : [namespace],
  );
  return { groupKinds: new Set(objects.map(kindKey)), namespaces: new Set(namespaces) };
}

/** The parent of a formation's objects (KEP-3659), through which every tool can list them. */
export async function readParent(
  client: ClusterClient,
  { application, formation, namespace }: ReleaseIdentity,
): Promise<KubernetesObject | undefined> {
  const name = ownerName({ application, formation });
  return client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
}

/** Why a parent is not ours; empty if it is, or if there is none. */
export function parentProblems(
  parent: KubernetesObject | undefined,
  { repository, application, formation, namespace }: ReleaseIdentity,
): Problem<ReleaseErrorCode>[] {
  const annotations = textMap(parent?.metadata['annotations'] ?? null);
  const tooling = annotations[TOOLING] ?? OUR_TOOLING;
  const owner = annotations[REPOSITORY] ?? repository;
  const what = `${application}/${formation} in namespace ${quote(namespace)}`;
  if (!tooling.startsWith('slipway/'))
    return [
      {
        code: 'object-foreign',
        message: `${what} is managed by ${quote(tooling)}`,
        remedy: 'rename the formation',
      },
    ];
  if (owner === repository) return [];
  return [
    {
      code: 'object-foreign',
      message: `${what} belongs to the repository ${quote(owner)}`,
      remedy: 'rename the application or the formation, or set adopt to take it over',
    },
  ];
}

/** Adds to the set's reach before objects are written, so that a run that dies leaves nothing outside it. */
export async function widenInventory(
  client: ClusterClient,
  identity: ReleaseIdentity,
  objects: readonly ObjectReference[],
): Promise<void> {
  const added = reachOf(objects, identity.namespace);
  await writeInventory(client, identity, before => ({
    groupKinds: before.groupKinds.union(added.groupKinds),
    namespaces: before.namespaces.union(added.namespaces),
  }));
}

/** Reduces the set's reach to that of the objects that are left after pruning. */
export async function narrowInventory(
  client: ClusterClient,
  identity: ReleaseIdentity,
  objects: readonly ObjectReference[],
): Promise<void> {
  const reach = reachOf(objects, identity.namespace);
  await writeInventory(client, identity, () => reach);
}

export function recordedReach(parent: KubernetesObject | undefined): Reach {
  const annotations = textMap(parent?.metadata['annotations'] ?? null);
  const split = (text: string | undefined): Set<string> =>
    new Set((text ?? '').split(',').filter(entry => entry !== ''));
  return {
    groupKinds: split(annotations[GROUP_KINDS]),
    namespaces: split(annotations[ADDITIONAL_NAMESPACES]),
  };
}

async function writeInventory(
  client: ClusterClient,
  identity: ReleaseIdentity,
  reachAfter: (before: Reach) => Reach,
): Promise<void> {
  for (;;) {
    const parent = await readParent(client, identity);
    const reach = reachAfter(recordedReach(parent));
    const written = await unlessCode('cluster-conflict', () => writeReach(client, identity, parent, reach));
    // Someone else has changed it meanwhile.
    if (written !== undefined) return;
  }
}

/** @returns the parent as written, or as it was if nothing changes */
async function writeReach(
  client: ClusterClient,
  identity: ReleaseIdentity,
  parent: KubernetesObject | undefined,
  reach: Reach,
): Promise<KubernetesObject> {
  const before = recordedReach(parent);
  const same = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
    a.symmetricDifference(b).size === 0;
  const owner = textMap(parent?.metadata['annotations'] ?? null)[REPOSITORY] ?? '';
  const repository = identity.repository === '' ? owner : identity.repository;
  if (
    parent !== undefined &&
    same(before.groupKinds, reach.groupKinds) &&
    same(before.namespaces, reach.namespaces) &&
    owner === repository
  )
    return parent;
  // The name is reserved for Slipway, so taking over fields with force is safe.
  const clearing = before.namespaces.size > 0;
  const body = forVersion(parentOf({ ...identity, repository }, reach, clearing), parent);
  const { object } = await client.apply(body, { fieldManager: fieldManager(identity), force: true });
  return object;
}

/** @param clearing whether namespaces are recorded: someone else may have written them, so leaving them out would not remove them */
function parentOf(identity: ReleaseIdentity, reach: Reach, clearing: boolean): KubernetesObject {
  const { application, formation, namespace, repository } = identity;
  const list = (entries: ReadonlySet<string>): string => [...entries].sort().join(',');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: ownerName(identity),
      namespace,
      labels: {
        [APPLYSET_ID]: applySetId(identity, namespace),
        [APPLICATION]: application,
        [FORMATION]: formation,
      },
      annotations: {
        [TOOLING]: OUR_TOOLING,
        [GROUP_KINDS]: list(reach.groupKinds),
        ...(reach.namespaces.size === 0 && !clearing
          ? {}
          : { [ADDITIONAL_NAMESPACES]: list(reach.namespaces) }),
        ...(repository === '' ? {} : { [REPOSITORY]: repository }),
      },
    },
  };
}
