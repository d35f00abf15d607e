import { afterAll, beforeAll } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { startTestbed, type Testbed } from '@slipway/testbed';
import { connect } from '@slipway/testkit/cluster';
import { makeWorkspace, type Workspace, type WorkspaceOptions } from './fixture.ts';

/** A cluster of a test's own, and a client of it that may do everything. */
export interface Cluster {
  readonly testbed: Testbed;
  readonly client: ClusterClient;
  /** Path. */
  readonly kubeconfig: string;
}

export async function openCluster(): Promise<Cluster> {
  const testbed = await startTestbed({ parts: ['cluster'] });
  const kubeconfig = testbed.cluster?.kubeconfig ?? '';
  const client = await connect(kubeconfig);
  return { testbed, client, kubeconfig };
}

/** The cluster of a test file, from its first test to its last. */
export function useOpenCluster(): Cluster {
  let opened: Cluster | undefined;
  beforeAll(async () => {
    opened = await openCluster();
  });
  afterAll(async () => {
    opened?.client.close();
    await opened?.testbed.stop();
  });
  const now = (): Cluster => {
    if (opened === undefined) throw new Error('the cluster is open once the tests run');
    return opened;
  };
  return {
    get testbed() {
      return now().testbed;
    },
    get client() {
      return now().client;
    },
    get kubeconfig() {
      return now().kubeconfig;
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
