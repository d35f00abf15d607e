import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, valueAt } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import { until } from '@slipway/testkit/cluster';
import { deployment } from '../fixture.ts';

const GROUP = 'replicas.example';

/** Defines the custom kinds of these tests: two that can be scaled, and KEDA's autoscaler. */
export async function defineScalable(client: ClusterClient): Promise<void> {
  await define(client, 'keda.sh', 'v1alpha1', 'ScaledObject', {});
  await define(client, GROUP, 'v1', 'Fleet', scaleAt('.spec.replicas'));
  await define(client, GROUP, 'v1', 'Herd', scaleAt('.spec.herd.size'));
}

const scaleAt = (specReplicasPath: string): JsonObject => ({
  subresources: { scale: { specReplicasPath, statusReplicasPath: '.status.replicas' } },
});

async function define(
  client: ClusterClient,
  group: string,
  name: string,
  kind: string,
  changes: JsonObject,
): Promise<void> {
  const plural = `${kind.toLowerCase()}s`;
  await client.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          ...changes,
        },
      ],
    },
  });
  const list = () => client.list({ apiVersion: `${group}/${name}`, kind }).catch(() => undefined);
  await until(async () => (await list()) !== undefined);
}

export type Scalable = 'Deployment' | 'StatefulSet' | 'ReplicaSet' | 'Fleet' | 'Herd';

const VERSIONS = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Fleet: `${GROUP}/v1`,
  Herd: `${GROUP}/v1`,
};
const pathOf = (kind: Scalable): string[] =>
  kind === 'Herd' ? ['spec', 'herd', 'size'] : ['spec', 'replicas'];

/** A workload named `api`; without `replicas` it does not say how many. */
export function workload(kind: Scalable, replicas?: number, changes: JsonObject = {}): JsonObject {
  const { replicas: _, ...spec } = deployment('api')['spec'] as JsonObject;
  const own = kind === 'StatefulSet' ? { serviceName: 'api' } : {};
  const number = kind === 'Herd' ? { herd: { size: replicas ?? 0 } } : { replicas: replicas ?? 0 };
  return {
    apiVersion: VERSIONS[kind],
    kind,
    metadata: { name: 'api' },
    spec: { ...spec, ...own, ...(replicas === undefined ? {} : number), ...changes },
  };
}

export type Autoscaler = (kind: Scalable) => JsonObject;

export const hpa: Autoscaler = kind => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'api' },
  spec: { scaleTargetRef: { apiVersion: VERSIONS[kind], kind, name: 'api' }, minReplicas: 1, maxReplicas: 9 },
});

export const scaledObject: Autoscaler = kind => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'api' },
  spec: {
    scaleTargetRef:
      kind === 'Deployment' ? { name: 'api' } : { apiVersion: VERSIONS[kind], kind, name: 'api' },
  },
});

export interface Running {
  readonly namespace: string;
  readonly kind: Scalable;
}

export const referenceOf = ({ namespace, kind }: Running): ObjectReference => ({
  apiVersion: VERSIONS[kind],
  kind,
  namespace,
  name: 'api',
});

/** Every number of replicas that the workload had since `since`, each once, as a watch reports all of its versions. */
export async function numbersSince(
  client: ClusterClient,
  running: Running,
  since: string,
): Promise<unknown[]> {
  const { apiVersion, kind, namespace } = referenceOf(running);
  const { resourceVersion } = await client.list({ apiVersion, kind, namespace: String(namespace) });
  const numbers = new Set<unknown>();
  const end = new AbortController();
  const query = { apiVersion, kind, namespace: String(namespace) };
  setTimeout(() => end.abort(), 2_000).unref();
  for await (const event of client.watch(query, since, end.signal)) {
    if (event.type === 'BOOKMARK') continue;
    if (event.type !== 'DELETED') numbers.add(valueAt(event.object, pathOf(running.kind)));
    if (Number(event.object.metadata['resourceVersion']) >= Number(resourceVersion)) break;
  }
  const live = await client.get(referenceOf(running));
  return [...numbers.add(valueAt(live ?? {}, pathOf(running.kind)))];
}

export const versionNow = async (client: ClusterClient, { namespace, kind }: Running): Promise<string> =>
  (await client.list({ apiVersion: VERSIONS[kind], kind, namespace })).resourceVersion;

export const within = (namespace: string, object: JsonObject): KubernetesObject =>
  ({
    ...object,
    metadata: { ...(object['metadata'] as JsonObject), namespace },
  }) as unknown as KubernetesObject;

const AUTOSCALERS = { 'a HorizontalPodAutoscaler': hpa, 'a ScaledObject of KEDA': scaledObject };
const KINDS: readonly Scalable[] = ['Deployment', 'StatefulSet', 'ReplicaSet', 'Fleet', 'Herd'];

/** Each kind with each autoscaler and its name. */
export const SCALED = Object.entries(AUTOSCALERS).flatMap(([name, autoscaler]) =>
  KINDS.map(kind => [kind, name, autoscaler] as const),
);
