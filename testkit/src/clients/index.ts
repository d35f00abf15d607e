import { afterAll, beforeAll } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type ApiServer, connect, createAll, openApiServer } from '../cluster/index.ts';

/**
 * A client with all rights for the tests of this file or block, which is connected before them and closed after them.
 * @param kubeconfig is called once the cluster runs, so call `useCluster` first
 */
export function useClient(kubeconfig: () => string): ClusterClient {
  const client = {} as ClusterClient;
  beforeAll(async () => {
    Object.assign(client, await connect(kubeconfig()));
  });
  // Where the cluster did not start there is no client to close.
  afterAll(() => client.close?.());
  return client;
}

/** An API server to be asked barely, with namespaces in it; otherwise as `useClient`. */
export function useApiServer(kubeconfig: () => string, ...namespaces: readonly string[]): ApiServer {
  const server = {} as ApiServer;
  beforeAll(async () => {
    Object.assign(server, openApiServer(kubeconfig()));
    await createAll(
      server,
      namespaces.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    );
  });
  afterAll(() => server.stop?.());
  return server;
}
