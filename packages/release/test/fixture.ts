import { type ClusterClient, connectCluster } from '@slipway/cluster';
import {
  isJsonObject,
  type JsonObject,
  type Release,
  SlipwayError,
  silentLogger,
  textMap,
} from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import {
  type ApplyReleaseOptions,
  applyRelease,
  type PreparedRelease,
  prepareRelease,
  type ReleaseRequest,
  type Unseal,
} from '../src/index.ts';

export const clock = (): Date => new Date();
export const never = new AbortController().signal;

export function connect(kubeconfig: string): Promise<ClusterClient> {
  return connectCluster({
    kubeconfig,
    context: '',
    environment: {},
    workspace: '/nowhere',
    runPlugin: () => Promise.reject(new Error('no plugin is expected here')),
    signal: never,
    logger: silentLogger,
  });
}

export async function createNamespace(client: ClusterClient, name: string): Promise<string> {
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

export interface ReleaseChanges extends Partial<Omit<ReleaseRequest, 'objects' | 'identity'>> {
  readonly application?: string;
  readonly repository?: string;
}

export function requestFor(
  namespace: string,
  objects: readonly JsonObject[],
  { application = 'shop', repository = 'acme/shop', ...changes }: ReleaseChanges = {},
): ReleaseRequest {
  return {
    identity: { application, formation: 'staging', namespace, destination: 'main', repository },
    objects: objects.map(object => ({ object: object as KubernetesObject })),
    seals: [],
    allow: {},
    prune: 'after-success',
    actor: 'someone',
    run: 'https://github.example/acme/shop/actions/runs/1',
    reason: 'test',
    adopt: false,
    forceConflicts: false,
    allowOlder: false,
    ...changes,
  };
}

/** Prepares and applies, as the action does. */
export async function deploy(
  client: ClusterClient,
  request: ReleaseRequest,
  openSecrets?: () => Promise<Unseal>,
  changes: Partial<ApplyReleaseOptions> = {},
): Promise<{ readonly prepared: PreparedRelease; readonly release: Release }> {
  const prepared = await prepareRelease({ client, request, openSecrets });
  const release = await applyRelease({
    client,
    prepared,
    prepareAgain: locked => prepareRelease({ client: locked, request, openSecrets }),
    lockTimeout: 5_000,
    timeout: 20_000,
    clock,
    signal: never,
    logger: silentLogger,
    onRecorded: () => {},
    ...changes,
  });
  return { prepared, release };
}

export function actionsOf(prepared: PreparedRelease): Record<string, string> {
  return Object.fromEntries(
    prepared.objects.map(({ object, action }) => [`${object.kind} ${object.metadata.name}`, action]),
  );
}

export const deployment = (name: string, changes: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [
          {
            name: 'app',
            image: 'registry.example/app:1',
            ports: [{ containerPort: 80 }],
            resources: { requests: { cpu: '100m' } },
          },
        ],
      },
    },
    ...changes,
  },
});

export const configMap = (name: string, data: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

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
