import type { Logger } from '@slipway/core';
import type { ClusterClient } from './client.ts';
import { type KubeconfigSource, loadKubeconfig } from './kubeconfig.ts';
import { reads } from './reads.ts';
import { requests } from './requests.ts';
import { CONNECT_TIMEOUT, openTransport, type Transport } from './transport.ts';
import { writes } from './writes.ts';

export interface ConnectOptions extends KubeconfigSource {
  /** Ends every request. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * Connects to the cluster that a kubeconfig names, and asks for its version so that a dead address or credential shows at once.
 * @throws SlipwayError `kubeconfig-…`; within 15 s `cluster-unreachable`; `cluster-unauthorized`
 */
export async function connectCluster(options: ConnectOptions): Promise<ClusterClient> {
  const load = () => loadKubeconfig(options);
  const config = await load();
  if (config.getCurrentCluster()?.skipTLSVerify === true)
    options.logger.warning(
      'The kubeconfig says insecure-skip-tls-verify: nothing proves that the cluster is the one it should be. Set its certificate-authority-data.',
    );
  return clusterClient(openTransport(load, config, options.environment, Date.now), options.signal);
}

/**
 * Looks whether there is a kubeconfig and which cluster it means, without connecting.
 * @throws SlipwayError `kubeconfig-…`
 */
export async function checkKubeconfig(source: KubeconfigSource): Promise<void> {
  await loadKubeconfig(source);
}

/** The client on top of a transport. */
async function clusterClient(transport: Transport, signal: AbortSignal): Promise<ClusterClient> {
  const sending = requests(transport, signal);
  const request = { method: 'GET', path: '/version', idleTimeout: CONNECT_TIMEOUT } as const;
  const { major, minor } = await sending.call('connecting', request);
  return {
    server: transport.server,
    // Some clouds write a plus sign behind the minor version.
    kubernetesVersion: `${String(major)}.${String(minor).replace(/\D+$/, '')}`,
    resource: sending.resource,
    ...reads(sending),
    ...writes(sending),
    close: () => transport.close(),
  };
}
