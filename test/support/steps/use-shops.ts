import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { openRegistryClient, type RegistryClient } from '@slipway/registry';
import type { RecordGuard } from '@slipway/release';
import { type TestbedInUse, useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { openShop, type Shop } from './shop.ts';

const run = promisify(execFile);

export interface Shops {
  readonly testbed: TestbedInUse;
  readonly client: ClusterClient;
  readonly registry: RegistryClient;
  /** A shop in a namespace of its own. */
  open(namespace: string, more?: { readonly guard?: RecordGuard }): Promise<Shop>;
  /** A kubeconfig whose token says that it ends after some time, such as `10m`. */
  kubeconfigFor(duration: string): Promise<string>;
}

/** A cluster with fake nodes and a registry for the tests of a file, and shops in them. */
export function useShops(): Shops {
  const testbed = useTestbed({ parts: ['cluster', 'registry'], nodes: 2 });
  const client = useClient(() => testbed.cluster.kubeconfig);
  const registry = {} as RegistryClient;
  beforeAll(async () => {
    Object.assign(registry, await openRegistryClient({ environment: {} }));
  });
  return {
    ...{ testbed, client, registry },
    async open(namespace, more = {}) {
      await createNamespace(client, namespace);
      return openShop({
        ...{ directory: testbed.directory, client, namespace, kubeconfig: testbed.cluster.kubeconfig },
        registry: { address: testbed.registry.address, client: registry },
        ...more,
      });
    },
    async kubeconfigFor(duration) {
      const kubectl = async (...args: readonly string[]): Promise<string> => {
        const environment = { KUBECONFIG: testbed.cluster.kubeconfig };
        return (await run(testbed.cluster.kubectl, args, { env: environment })).stdout;
      };
      const own = ['--namespace', 'default'];
      await kubectl('create', 'serviceaccount', 'deployer', ...own);
      const rights = ['--clusterrole=cluster-admin', '--serviceaccount=default:deployer'];
      await kubectl('create', 'clusterrolebinding', 'deployer', ...rights);
      const token = await kubectl('create', 'token', 'deployer', ...own, `--duration=${duration}`);
      const admin = await readFile(testbed.cluster.kubeconfig, 'utf8');
      return admin
        .replace(/^ *client-key-data: .*\n/m, '')
        .replace(/client-certificate-data: .*/, `token: ${token.trim()}`);
    },
  };
}
