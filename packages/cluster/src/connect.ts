import { type Logger, silentLogger } from '@slipway/core';
import { CONNECT_TIMEOUT } from './agents.ts';
import type { ClusterClient } from './client.ts';
import type { RenewedTokens } from './credentials/oidc.ts';
import { describeExpiry, staticExpiry } from './credentials/static-expiry.ts';
import { loadKubeconfig } from './kubeconfig/load-kubeconfig.ts';
import type { KubeconfigSource } from './kubeconfig/source.ts';
import type { User } from './kubeconfig/user.ts';
import { reads } from './reads.ts';
import { type Requests, requests } from './requests.ts';
import { openTransport, type Transport } from './transport.ts';
import { writes } from './writes.ts';

export interface ConnectOptions extends KubeconfigSource {
  /** Aborts every request. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Milliseconds that the run may take, by its timeout; undefined for one that takes moments. */
  readonly runFor?: number;
}

/**
 * Connects to the cluster of a kubeconfig, and reads its version so that a wrong address or an expired credential is noticed at once.
 * @throws SlipwayError `kubeconfig-…`, `cluster-unreachable` (within 15 s), `cluster-unauthorized`
 */
export async function connectCluster(options: ConnectOptions): Promise<ClusterClient> {
  const renewed: RenewedTokens = new Map();
  const load = () => loadKubeconfig(options, { now: Date.now, logger: options.logger, renewed });
  const loaded = await load();
  if (loaded.cluster.skipTLSVerify)
    options.logger.warning(
      'The kubeconfig sets insecure-skip-tls-verify, so the identity of the cluster is not verified. Set certificate-authority-data instead.',
    );
  const loginEnds = await warnOfExpiry(loaded.user, options);
  const transport = openTransport(load, loaded, options.environment, Date.now);
  return await clusterClient(transport, options.signal, loginEnds);
}

/** @returns when the login ends that nothing renews */
async function warnOfExpiry(user: User, { logger, runFor }: ConnectOptions): Promise<Date | undefined> {
  const expiry = await staticExpiry(user);
  const warning = expiry && describeExpiry(expiry, Date.now(), runFor);
  if (warning !== undefined) logger.warning(warning);
  return expiry === undefined || expiry.inFile ? undefined : new Date(expiry.at);
}

/**
 * Checks that there is a kubeconfig and that its context can be chosen, without connecting.
 * @throws SlipwayError `kubeconfig-…`
 */
export async function checkKubeconfig(source: KubeconfigSource): Promise<void> {
  await loadKubeconfig(source, { now: Date.now, logger: silentLogger });
}

async function clusterClient(
  transport: Transport,
  signal: AbortSignal,
  loginEnds: Date | undefined,
): Promise<ClusterClient> {
  const sending = requests(transport, signal);
  const request = { method: 'GET', path: '/version', idleTimeout: CONNECT_TIMEOUT } as const;
  const { major, minor } = await sending.call('connecting', request);
  // Some clouds append a plus sign to the minor version.
  return clientOf(sending, {
    kubernetesVersion: `${String(major)}.${String(minor).replace(/\D+$/, '')}`,
    loginEnds,
  });
}

function clientOf(
  sending: Requests,
  known: Pick<ClusterClient, 'kubernetesVersion' | 'loginEnds'>,
): ClusterClient {
  const { transport, resource } = sending;
  return {
    server: transport.server,
    ...known,
    resource,
    ...reads(sending),
    ...writes(sending),
    within: limit => clientOf(sending.within(limit), known),
    close: () => transport.close(),
  };
}
