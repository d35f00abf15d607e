import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import type { JsonValue } from '@slipway/core';
import { booleanAt, type KubernetesObject, numberAt, objectAt, objectsAt, textAt } from '@slipway/kubernetes';

/** What users would see of a namespace, and what is written there. */
export interface Cluster {
  readonly client: ClusterClient;
  readonly namespace: string;
}

export async function readLive(
  { client, namespace }: Cluster,
  kind: 'Deployment' | 'Service' | 'ConfigMap',
  name: string,
): Promise<KubernetesObject | undefined> {
  const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
  return await client.get({ apiVersion, kind, namespace, name });
}

/** The image that the pods of a Deployment have. */
export async function imageOf(cluster: Cluster, name = 'api'): Promise<string | undefined> {
  const live = await readLive(cluster, 'Deployment', name);
  const [container] = objectsAt(live ?? {}, 'spec', 'template', 'spec', 'containers');
  return container && textAt(container, 'image');
}

/** What shows that no one wrote the Deployment that serves. */
export async function stableOf(cluster: Cluster): Promise<JsonValue> {
  const live = await readLive(cluster, 'Deployment', 'api');
  return { uid: live?.metadata['uid'] ?? '', generation: live?.metadata['generation'] ?? 0 };
}

/** How many pods of each version get new connections of the Service, as `stable+next`. */
export async function shareOf({ client, namespace }: Cluster, service = 'api'): Promise<string> {
  const { items } = await client.list({
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace },
    labelSelector: `kubernetes.io/service-name=${service}`,
  });
  const pods = items
    .flatMap(slice => objectsAt(slice, 'endpoints'))
    .filter(endpoint => booleanAt(endpoint, 'conditions', 'ready') !== false)
    .map(endpoint => textAt(endpoint, 'targetRef', 'name') ?? '');
  const next = pods.filter(pod => pod.startsWith('api-next-')).length;
  return `${pods.length - next}+${next}`;
}

/** Notes every share that the Service has while something happens, in order and each change once. */
export async function sharesWhile<Result>(
  cluster: Cluster,
  work: () => Promise<Result>,
): Promise<{ readonly shares: readonly string[]; readonly result: Result }> {
  const shares = [await shareOf(cluster)];
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      const share = await shareOf(cluster);
      if (share !== shares.at(-1)) shares.push(share);
      await sleep(50);
    }
  })();
  try {
    return { result: await work(), shares };
  } finally {
    isOver = true;
    await looking;
  }
}

/** Everything that the formation has in its namespace as it was written, without what servers and controllers add. */
export async function writtenIn({
  client,
  namespace,
}: Cluster): Promise<Readonly<Record<string, JsonValue>>> {
  const kinds = [
    ['apps/v1', 'Deployment'],
    ['v1', 'Service'],
    ['v1', 'ConfigMap'],
    ['policy/v1', 'PodDisruptionBudget'],
  ] as const;
  const lists = await Promise.all(
    kinds.map(([apiVersion, kind]) => client.list({ apiVersion, kind, namespace })),
  );
  return Object.fromEntries(
    lists
      .flatMap(({ items }) => items)
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(object => [`${object.kind} ${object.metadata.name}`, writtenOf(object)]),
  );
}

function writtenOf(object: KubernetesObject): JsonValue {
  const { uid, labels = {} } = object.metadata;
  const { metadata: _metadata, status: _status, ...rest } = object;
  const annotations = Object.entries(objectAt(object, 'metadata', 'annotations') ?? {}).filter(
    ([key]) => !key.startsWith('deployment.kubernetes.io/'),
  );
  return { ...rest, uid, labels, annotations: Object.fromEntries(annotations) } as unknown as JsonValue;
}

/** Waits until all pods that the Deployment wants are Ready. */
export function isWhole(deployment: KubernetesObject | undefined): boolean {
  const wanted = numberAt(deployment ?? {}, 'spec', 'replicas');
  const fields = ['readyReplicas', 'updatedReplicas', 'replicas'];
  return fields.every(field => numberAt(deployment ?? {}, 'status', field) === wanted);
}
