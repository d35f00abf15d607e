import { type ClusterClient, connectCluster } from '@slipway/cluster';
import { type JsonObject, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { startTestbed, type Testbed } from '@slipway/testbed';
import {
  type RolloutCluster,
  type RolloutOptions,
  type RolloutResult,
  type WatchedObject,
  watchRollout,
} from '../../src/index.ts';

export interface LiveCluster {
  readonly testbed: Testbed;
  readonly client: ClusterClient;
  readonly namespace: string;
  /** Applies objects to the namespace and gives them back as a release would record them. */
  apply(...objects: readonly KubernetesObject[]): Promise<WatchedObject[]>;
  watch(objects: readonly WatchedObject[], options?: Partial<RolloutOptions>): Promise<RolloutResult>;
}

export const SETTLE: Pick<RolloutOptions, 'stableFor' | 'timeout'> = { stableFor: 3_000, timeout: 30_000 };

/** A control plane of the test's own, with fake nodes, and a namespace in it. */
export async function startLiveCluster(namespace = 'shop'): Promise<LiveCluster> {
  const testbed = await startTestbed({ parts: ['cluster'], nodes: 2 });
  const client = await connect(testbed.cluster?.kubeconfig ?? '');
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  return {
    testbed,
    client,
    namespace,
    async apply(...objects) {
      const applied = objects.map(object => applyTo(client, namespace, object));
      return Promise.all(applied);
    },
    watch: (objects, options) => watch(client, objects, options),
  };
}

export async function connect(kubeconfig: string): Promise<ClusterClient> {
  return connectCluster({
    kubeconfig,
    context: '',
    environment: {},
    workspace: '/nowhere',
    runPlugin: () => Promise.reject(new Error('the testbed needs no plugin')),
    signal: new AbortController().signal,
    logger: silentLogger,
  });
}

export async function applyTo(
  client: ClusterClient,
  namespace: string,
  object: KubernetesObject,
): Promise<WatchedObject> {
  const placed = { ...object, metadata: { ...object.metadata, namespace } };
  const { object: applied } = await client.apply(placed, { fieldManager: 'test', force: true });
  const { metadata } = applied;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace,
    name: object.metadata.name,
    uid: String(metadata['uid']),
    ...(typeof metadata['generation'] === 'number' ? { generation: metadata['generation'] } : {}),
    written: true,
  };
}

export function watch(
  client: RolloutCluster,
  objects: readonly WatchedObject[],
  options: Partial<RolloutOptions> = {},
): Promise<RolloutResult> {
  return watchRollout({
    client,
    objects,
    ...SETTLE,
    clock: () => new Date(),
    signal: new AbortController().signal,
    logger: silentLogger,
    ...options,
  });
}

interface WorkloadOptions {
  readonly replicas?: number;
  /** What its pods play on the fake nodes. */
  readonly behaviour?: string;
  readonly delay?: number;
  readonly pod?: JsonObject;
  readonly container?: JsonObject;
  readonly spec?: JsonObject;
}

function template(name: string, { behaviour, delay, pod, container }: WorkloadOptions): JsonObject {
  const annotations = {
    ...(behaviour === undefined ? {} : { 'testbed.slipway.dev/behaviour': behaviour }),
    ...(delay === undefined ? {} : { 'testbed.slipway.dev/delay': String(delay) }),
  };
  return {
    metadata: { labels: { app: name }, annotations },
    spec: { containers: [{ name: 'main', image: 'shop/main:1', ...container }], ...pod },
  };
}

export function deployment(name: string, options: WorkloadOptions = {}): KubernetesObject {
  return workload('Deployment', name, options);
}

export function statefulSet(name: string, options: WorkloadOptions = {}): KubernetesObject {
  return workload('StatefulSet', name, { ...options, spec: { serviceName: name, ...options.spec } });
}

function workload(kind: string, name: string, options: WorkloadOptions): KubernetesObject {
  const selector = { matchLabels: { app: name } };
  const { replicas = 2, spec } = options;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: { replicas, selector, template: template(name, options), ...spec },
  };
}

export function job(name: string, options: WorkloadOptions = {}): KubernetesObject {
  const { pod, spec } = options;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      backoffLimit: 0,
      template: template(name, { ...options, pod: { restartPolicy: 'Never', ...pod } }),
      ...spec,
    },
  };
}

export function service(name: string, selects = name): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: selects }, ports: [{ port: 80 }] },
  };
}

export function daemonSet(name: string): KubernetesObject {
  const { spec, ...rest } = workload('DaemonSet', name, {});
  const { replicas: _, ...withoutReplicas } = spec as JsonObject;
  return { ...rest, spec: withoutReplicas };
}

export function barePod(name: string): KubernetesObject {
  const spec = { containers: [{ name: 'main', image: 'shop/main:1' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec };
}

export function autoscaler(name: string): KubernetesObject {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 4 },
  };
}

export function budget(name: string): KubernetesObject {
  const spec = { minAvailable: 1, selector: { matchLabels: { app: name } } };
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name }, spec };
}
