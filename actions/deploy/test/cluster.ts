import type { ClusterClient } from '@slipway/cluster';
import { type TestbedInUse, useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
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
