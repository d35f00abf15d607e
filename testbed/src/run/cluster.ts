import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Api, connectApi } from './api.ts';
import { type ClusterFiles, writeClusterFiles } from './cluster-files.ts';
import type { StartContext } from './context.ts';
import { apiServer, controllers, etcd } from './control-plane.ts';
import { kubeconfig } from './kubeconfig.ts';
import { type FakeNodes, startNodes } from './nodes.ts';
import type { ClusterAddress } from './options.ts';
import { freePort, withFreePorts } from './ports.ts';
import { startRealNode } from './real-node.ts';

export interface ClusterNodes {
  readonly fake: FakeNodes;
  readonly real: boolean;
}

/** Starts a control plane and its nodes; pods can be created when this returns. */
export async function startCluster(
  nodes: ClusterNodes,
  apiServerArgs: readonly string[],
  context: StartContext,
): Promise<ClusterAddress> {
  const { folder, locate, supervision } = context;
  const files = await writeClusterFiles(folder, context.now);
  const server = await withFreePorts(async () => await startApiServer(files, apiServerArgs, context));
  const admin = await files.authority.client('admin', ['system:masters']);
  const config = join(folder, 'kubeconfig');
  await writeFile(config, kubeconfig(server, files.authority.certificate, 'admin', admin), { mode: 0o600 });
  for (const controller of controllers(files, locate, config)) supervision.start(controller);
  const api = connectApi(server, files.authority.certificate, admin);
  try {
    const [node] = await Promise.all([
      nodes.real ? startRealNode(server, files, api, context) : undefined,
      startNodes(nodes.fake, config, api, context),
      waitForAccounts(api, context),
    ]);
    return { kubeconfig: config, server, kubectl: locate('kubectl'), ...(node && { node }) };
  } finally {
    api.close();
  }
}

/** Starts etcd and the API server on free ports. @returns the server's address once it is ready */
async function startApiServer(
  files: ClusterFiles,
  furtherArgs: readonly string[],
  { locate, supervision, signal }: StartContext,
): Promise<string> {
  const [storePort, port] = [await freePort(), await freePort()];
  const server = `https://127.0.0.1:${port}`;
  supervision.start(etcd(files, locate('etcd'), storePort));
  const process = apiServer(files, locate('kube-apiserver'), storePort, port);
  supervision.start({ ...process, args: [...process.args, ...furtherArgs] });
  const probe = connectApi(
    server,
    files.authority.certificate,
    await files.authority.client('probe', ['system:masters']),
  );
  try {
    await supervision.until('etcd', async () => {
      await supervision.until('kube-apiserver', async ended => {
        await probe.waitFor('/readyz', ({ status }) => status === 200, AbortSignal.any([signal, ended]));
      });
    });
  } catch (error) {
    await Promise.all([supervision.end('kube-apiserver'), supervision.end('etcd')]);
    throw error;
  } finally {
    probe.close();
  }
  return server;
}

/** Waits for the namespace's default service account, as pods are refused without it. */
async function waitForAccounts(api: Api, { supervision, signal }: StartContext): Promise<void> {
  await supervision.until('kube-controller-manager', async ended => {
    const path = '/api/v1/namespaces/default/serviceaccounts/default';
    await api.waitFor(path, ({ status }) => status === 200, AbortSignal.any([signal, ended]));
  });
}
