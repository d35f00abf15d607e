import { beforeAll } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { TestbedCluster } from '@slipway/testbed';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import {
  type RolloutCluster,
  type RolloutOptions,
  type RolloutResult,
  type WatchedObject,
  watchRollout,
} from '../../src/index.ts';

export interface LiveCluster {
  readonly cluster: TestbedCluster;
  readonly client: ClusterClient;
  readonly namespace: string;
  /** Applies objects to the namespace and gives them back as a release would record them. */
  apply(...objects: readonly KubernetesObject[]): Promise<WatchedObject[]>;
  watch(objects: readonly WatchedObject[], options?: Partial<RolloutOptions>): Promise<RolloutResult>;
}

export const SETTLE: Pick<RolloutOptions, 'stableFor' | 'timeout'> = { stableFor: 3_000, timeout: 30_000 };

/** A control plane of the test file's own, with fake nodes, and a namespace in it. */
export function useLiveCluster(namespace = 'shop'): LiveCluster {
  const cluster = useCluster({ nodes: 2 });
  const client = useClient(() => cluster.kubeconfig);
  beforeAll(async () => {
    await createNamespace(client, namespace);
  });
  return {
    cluster,
    client,
    namespace,
    async apply(...objects) {
      const applied = objects.map(object => applyTo(client, namespace, object));
      return Promise.all(applied);
    },
    watch: (objects, options) => watch(client, objects, options),
  };
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
