import type { RequestOptions } from 'node:https';
import type { SlipwayError } from '@slipway/core';
import { reusedAgent } from './agents.ts';
import type { ClusterErrorCode } from './error-codes.ts';
import { shownServer } from './kubeconfig/cluster.ts';
import type { LoadedKubeconfig } from './kubeconfig/load-kubeconfig.ts';
import type { Environment } from './kubeconfig/source.ts';
import { kubeconfigError } from './kubeconfig-error.ts';

/** Milliseconds after which credentials are read again, since token files are rotated. */
const LIFETIME = 60_000;

/** What requests are sent with, for as long as it is good. */
export interface CachedCredentials {
  get(): Promise<RequestOptions>;
  /** Has the kubeconfig read again, after the server has refused what a request was sent with. */
  renew(refused: RequestOptions): void;
  close(): void;
}

interface Reading {
  readonly options: Promise<RequestOptions>;
  /** What it has read; until then, what it is to replace and the server has not refused. */
  value: RequestOptions | undefined;
  /** Milliseconds since 1970; while it is read, requests wait for it. */
  until: number;
}

export function cachedCredentials(
  load: () => Promise<LoadedKubeconfig>,
  first: LoadedKubeconfig,
  environment: Environment,
  now: () => number,
): CachedCredentials {
  let kubeconfig = Promise.resolve(first);
  let current: Reading | undefined;
  const agents = reusedAgent();
  const settle = async (reading: Reading): Promise<void> => {
    try {
      reading.value = await reading.options;
      reading.until = Math.min(now() + LIFETIME, (await kubeconfig).renewAt());
    } catch {
      // A plugin that failed may succeed the next time; the request that waits for it has the error.
      reading.until = 0;
    }
  };
  const start = (value: RequestOptions | undefined): Reading => {
    const options = kubeconfig.then(loaded => withAgent(loaded, environment, agents));
    const reading: Reading = { options, value, until: Number.POSITIVE_INFINITY };
    void settle(reading);
    return reading;
  };
  return {
    get(): Promise<RequestOptions> {
      if (current === undefined || now() >= current.until) current = start(current?.value);
      return current.options;
    },
    renew(refused: RequestOptions): void {
      // Many requests may be refused at once; the first one of them renews for all.
      if (current?.value === undefined || loginOf(current.value) !== loginOf(refused)) return;
      const before = kubeconfig;
      kubeconfig = load().then(loaded => ofSameCluster(first, loaded));
      kubeconfig.catch(() => {
        // A file that is just being replaced can be read the next time.
        kubeconfig = before;
      });
      current = undefined;
    },
    close: agents.close,
  };
}

/** What tells one login from another; the same may be read many times. */
function loginOf({ headers, auth, cert, key }: RequestOptions): string {
  return JSON.stringify([headers, auth, cert, key]);
}

async function withAgent(
  loaded: LoadedKubeconfig,
  environment: Environment,
  agents: ReturnType<typeof reusedAgent>,
): Promise<RequestOptions> {
  const { cluster } = loaded;
  if (new URL(cluster.server).protocol === 'http:' && !cluster.skipTLSVerify)
    throw refusedWithoutTls(shownServer(cluster.server));
  const options = await loaded.readOptions();
  return { ...options, agent: await agents.for(cluster, options, environment) };
}

/** The login of one cluster is never sent to another. @throws SlipwayError `kubeconfig-invalid` */
function ofSameCluster(first: LoadedKubeconfig, loaded: LoadedKubeconfig): LoadedKubeconfig {
  if (loaded.cluster.server === first.cluster.server) return loaded;
  const [before, now] = [first, loaded].map(({ cluster }) => shownServer(cluster.server));
  throw kubeconfigError(
    'kubeconfig-invalid',
    `the kubeconfig names the server ${now} now, and named ${before} when this run began`,
    'write kubeconfigs of different clusters to different files',
  );
}

function refusedWithoutTls(server: string): SlipwayError<ClusterErrorCode> {
  return kubeconfigError(
    'cluster-unreachable',
    `the API server ${server} was not asked, as its address is http:// and a login would be sent without TLS`,
    'write its https:// address, or insecure-skip-tls-verify: true if whoever is between may read the login',
  );
}
