import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, type JsonObject, SlipwayError, textMap } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { deployment as workload } from '@slipway/testkit/objects';
import type { PreparedRelease } from '../src/index.ts';

export const clock = (): Date => new Date();
export const never = new AbortController().signal;

export function actionsOf(prepared: PreparedRelease): Record<string, string> {
  return Object.fromEntries(
    prepared.objects.map(({ object, action }) => [`${object.kind} ${object.metadata.name}`, action]),
  );
}

/** A Deployment whose container has what defaults are added to: a port and a request. */
export const deployment = (name: string, changes: JsonObject = {}): JsonObject =>
  workload(name, {
    container: {
      name: 'app',
      image: 'registry.example/app:1',
      ports: [{ containerPort: 80 }],
      resources: { requests: { cpu: '100m' } },
    },
    spec: changes,
  }) as unknown as JsonObject;

/** Everything in a namespace that a release could write, by kind and name, with its version. */
export async function snapshotOf(client: ClusterClient, namespace: string): Promise<Record<string, string>> {
  const kinds = [
    ['v1', 'ConfigMap'],
    ['v1', 'Secret'],
    ['v1', 'Service'],
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'StatefulSet'],
    ['batch/v1', 'Job'],
    ['coordination.k8s.io/v1', 'Lease'],
  ] as const;
  const lists = await Promise.all(
    kinds.map(([apiVersion, kind]) => client.listMetadata({ apiVersion, kind, namespace })),
  );
  // Controllers create this one in every namespace, at any time.
  const items = lists
    .flatMap(({ items: found }) => found)
    .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
  return Object.fromEntries(
    items.map(({ kind, metadata }) => [`${kind} ${metadata.name}`, versionOf(metadata)]),
  );
}

/** What changes with a write, except where a controller reports the state of a workload: that can come at any time. */
function versionOf({
  generation,
  resourceVersion,
  labels,
  annotations,
}: KubernetesObject['metadata']): string {
  if (generation === undefined) return String(resourceVersion);
  const written = Object.entries(textMap(annotations ?? null)).filter(
    ([key]) => !key.startsWith('deployment.kubernetes.io/'),
  );
  return JSON.stringify([generation, labels, Object.fromEntries(written)]);
}

export async function codesOf(work: Promise<unknown>): Promise<string[]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems.map(({ code }) => code);
    throw error;
  }
  return [];
}

/** The names of the Secrets of a namespace that contain a text. */
export async function secretsWith(client: ClusterClient, namespace: string, text: string): Promise<string[]> {
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Secret', namespace });
  const holds = (value: unknown): boolean =>
    typeof value === 'string' && (value.includes(text) || Buffer.from(value, 'base64').includes(text));
  return items
    .filter(({ data }) => isJsonObject(data) && Object.values(data).some(holds))
    .map(({ metadata }) => metadata.name);
}
