import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, textMap, valueAt } from '@slipway/core';
import { type KubernetesObject, objectAt, objectKey, PART_OF, referenceTo } from '@slipway/kubernetes';

/** What is in the namespace of a formation. */
export interface Seen {
  /** What carries the formation's label, by key. */
  readonly members: ReadonlyMap<string, KubernetesObject>;
  /** Names of Leases. */
  readonly leases: readonly string[];
  /** Temporary objects, with the label or without. */
  readonly copies: readonly string[];
}

const KINDS = [
  ['apps/v1', 'Deployment'],
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'ServiceAccount'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['batch/v1', 'Job'],
] as const;

export async function seeNamespace(client: ClusterClient, namespace: string): Promise<Seen> {
  const lists = await Promise.all(
    KINDS.map(([apiVersion, kind]) => client.list({ apiVersion, kind, namespace })),
  );
  const objects = lists.flatMap(({ items }) => items);
  const leases = await client.list({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace });
  return {
    members: new Map(objects.filter(isMember).map(object => [objectKey(referenceTo(object)), object])),
    leases: leases.items.map(({ metadata }) => metadata.name),
    copies: objects
      .filter(({ metadata }) => metadata.name.endsWith('-next'))
      .map(object => objectKey(referenceTo(object))),
  };
}

function isMember({ metadata }: KubernetesObject): boolean {
  return textMap(metadata['labels'] ?? null)[PART_OF] !== undefined;
}

/** What Slipway writes of everything but Jobs, which stay once they have run. */
export function writtenOf({ members }: Seen): Readonly<Record<string, string>> {
  const written = [...members].filter(([, { kind }]) => kind !== 'Job');
  return Object.fromEntries(written.map(([key, object]) => [key, JSON.stringify(formOf(object))]));
}

function formOf({ metadata, status: _status, ...rest }: KubernetesObject): JsonObject {
  const { uid = '', labels = {}, annotations = {} } = metadata;
  const own = Object.entries(textMap(annotations)).filter(
    ([key]) => !key.startsWith('deployment.kubernetes.io/'),
  );
  return { ...rest, uid, labels, annotations: Object.fromEntries(own.sort()) } as JsonObject;
}

/** A Deployment as it was when stable was last looked at. */
export interface Stable {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly image: string;
}

export function stableOf({ members }: Seen): readonly Stable[] {
  return [...members.values()]
    .filter(({ kind, metadata }) => kind === 'Deployment' && !metadata.name.endsWith('-next'))
    .map(object => ({
      name: object.metadata.name,
      uid: String(object.metadata['uid']),
      generation: Number(object.metadata['generation']),
      image: imageOf(object),
    }));
}

export function imageOf(deployment: KubernetesObject): string {
  return String(valueAt(deployment, ['spec', 'template', 'spec', 'containers', '0', 'image']));
}

/** Deployments whose pods would not get the config of their own version. */
export function wrongConfigs({ members }: Seen): string[] {
  const objects = [...members.values()];
  return objects.flatMap(object => {
    if (object.kind !== 'Deployment') return [];
    const used = valueAt(object, [
      ...['spec', 'template', 'spec', 'containers', '0'],
      ...['envFrom', '0', 'configMapRef', 'name'],
    ]);
    const content = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === used);
    const found = content && objectAt(content, 'data')?.['version'];
    const wanted = imageOf(object).split(':').at(-1);
    return found === wanted
      ? []
      : [`${object.metadata.name} has version ${wanted} and the config of ${String(found)}`];
  });
}
