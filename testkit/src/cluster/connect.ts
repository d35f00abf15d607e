import { type ClusterClient, connectCluster } from '@slipway/cluster';
import { silentLogger } from '@slipway/core';

/** A client of the testbed's cluster, with all the rights that the kubeconfig has. @param kubeconfig a path, or its content */
export function connect(kubeconfig: string): Promise<ClusterClient> {
  return connectCluster({
    kubeconfig,
    context: '',
    environment: {},
    workspace: '/nowhere',
    runPlugin: () => Promise.reject(new Error('no plugin is expected here')),
    signal: new AbortController().signal,
    logger: silentLogger,
  });
}

export async function createNamespace(client: ClusterClient, name: string): Promise<string> {
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}
