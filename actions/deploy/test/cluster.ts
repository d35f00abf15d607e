import { gunzipSync } from 'node:zlib';
import { beforeAll } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, textMap } from '@slipway/core';
import { openRegistryClient, type RegistryClient } from '@slipway/registry';
import { type TestbedInUse, useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { makeWorkspace, type Workspace, type WorkspaceOptions } from './fixture.ts';

/** A cluster of a test file's own, and a client of it that may do everything. */
export interface Cluster {
  readonly testbed: Pick<TestbedInUse, 'directory' | 'cluster'>;
  readonly client: ClusterClient;
  /** Path. */
  readonly kubeconfig: string;
}

/** The cluster of a test file, from its first test to its last. */
export function useOpenCluster(): Cluster {
  const testbed = useTestbed({ parts: ['cluster'] });
  return {
    testbed,
    client: useClient(() => testbed.cluster.kubeconfig),
    get kubeconfig() {
      return testbed.cluster.kubeconfig;
    },
  };
}

/** A cluster and a registry of a test file's own, with clients of both. */
export interface ClusterAndRegistry extends Omit<Cluster, 'testbed'> {
  readonly testbed: TestbedInUse;
  /** A client of the registry that may do everything. */
  readonly registry: RegistryClient;
}

/** The cluster and the registry of a test file, from its first test to its last, with namespaces that are there from the beginning. */
export function useClusterAndRegistry(namespaces: readonly string[] = []): ClusterAndRegistry {
  const testbed = useTestbed({ parts: ['cluster', 'registry'] });
  const client = useClient(() => testbed.cluster.kubeconfig);
  const registry = {} as RegistryClient;
  beforeAll(async () => {
    Object.assign(registry, await openRegistryClient({ environment: {} }));
    for (const name of namespaces) await createNamespace(client, name);
  });
  return {
    ...{ testbed, client, registry },
    get kubeconfig() {
      return testbed.cluster.kubeconfig;
    },
  };
}

/** The record of a release as JSON, to search and to read. */
export async function recordText(client: ClusterClient, namespace: string, number: number): Promise<string> {
  const name = `slipway.shop.staging.${number}`;
  const secret = await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  const packed = textMap(isJsonObject(secret?.['data']) ? secret['data'] : null)['release'] ?? '';
  return gunzipSync(Buffer.from(packed, 'base64')).toString();
}

/** A checkout with its rendered tree, for a namespace that is made if need be. */
export async function workspaceFor(
  { testbed, client }: Cluster,
  namespace: string,
  options: Pick<WorkspaceOptions, 'changes' | 'files' | 'snapshot'> = {},
): Promise<Workspace> {
  const existing = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  if (existing === undefined)
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  return await makeWorkspace({ directory: testbed.directory, namespace, ...options });
}

/** Everything of a namespace but what the cluster itself puts into each. */
export async function contentsOf(client: ClusterClient, namespace: string): Promise<string[]> {
  const kinds = [
    ['v1', 'ConfigMap'],
    ['v1', 'Secret'],
    ['apps/v1', 'Deployment'],
    ['coordination.k8s.io/v1', 'Lease'],
  ] as const;
  const lists = await Promise.all(
    kinds.map(([apiVersion, kind]) => client.listMetadata({ apiVersion, kind, namespace })),
  );
  return lists
    .flatMap(({ items }) => items)
    .map(({ kind, metadata }) => {
      // A Deployment's status moves by itself.
      const version = metadata[kind === 'Deployment' ? 'generation' : 'resourceVersion'];
      return `${kind} ${metadata.name} ${String(version)}`;
    })
    .filter(text => !text.includes('kube-root-ca.crt'));
}
