import { Agent as HttpAgent, type AgentOptions as HttpAgentOptions } from 'node:http';
import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { Cluster } from './kubeconfig/cluster.ts';
import type { Environment } from './kubeconfig/source.ts';
import { proxyFor } from './proxies.ts';

/** Milliseconds that connecting may take, TLS included; two attempts fit into the 15 s after which a cluster counts as unreachable. */
export const CONNECT_TIMEOUT = 6_000;
const REUSING = { keepAlive: true, maxSockets: 32, scheduling: 'lifo' } as const;

/** One agent for as long as certificates and proxy stay what they are. */
export function reusedAgent() {
  let agent: HttpAgent | undefined;
  let agentKey = '';
  return {
    async for(cluster: Cluster, options: RequestOptions, environment: Environment): Promise<HttpAgent> {
      const proxy = proxyFor(cluster.server, cluster.proxyUrl, environment);
      const tls = tlsOptions(options);
      const key = JSON.stringify([cluster.server, proxy, tls]);
      if (key === agentKey && agent !== undefined) return agent;
      const made = await agentFor(cluster.server, proxy, tls);
      if (agent !== undefined) retire(agent);
      agent = made;
      agentKey = key;
      return agent;
    },
    close: () => agent?.destroy(),
  };
}

async function agentFor(server: string, proxy: string, tls: AgentOptions): Promise<HttpAgent> {
  if (/^socks5:/i.test(proxy)) return await socksAgent(proxy);
  const isSecure = new URL(server).protocol === 'https:';
  const throughProxy: HttpAgentOptions =
    // The socket is the agent's until the proxy has connected, so the agent must enforce the timeout.
    proxy === ''
      ? {}
      : { proxyEnv: { [isSecure ? 'HTTPS_PROXY' : 'HTTP_PROXY']: proxy }, timeout: CONNECT_TIMEOUT };
  return isSecure
    ? new Agent({ ...tls, ...REUSING, ...throughProxy })
    : new HttpAgent({ ...REUSING, ...throughProxy });
}

async function socksAgent(proxy: string): Promise<HttpAgent> {
  const { SocksProxyAgent } = await import('socks-proxy-agent');
  class TimedAgent extends SocksProxyAgent {
    /** Its own timeout would also end connections on which nothing comes for a while, such as watches. */
    override async connect(
      ...[request, options]: Parameters<InstanceType<typeof SocksProxyAgent>['connect']>
    ) {
      const late = Promise.withResolvers<never>();
      const connecting = super.connect(request, ofHost(options));
      const timer = setTimeout(() => {
        late.reject(new Error(`no connection within ${CONNECT_TIMEOUT / 1000} s`));
        void connecting.then(
          socket => socket.destroy(),
          () => {},
        );
      }, CONNECT_TIMEOUT);
      try {
        return await Promise.race([connecting, late.promise]);
      } finally {
        clearTimeout(timer);
      }
    }
  }
  // As in kubectl, the proxy finds out the address of the host, which may be known only there.
  return new TimedAgent(proxy.replace(/^socks5:/i, 'socks5h:'), REUSING);
}

/** The agent for SOCKS does not say which host is meant where it is an address, and the certificate of this machine would do. */
function ofHost<
  Options extends { readonly host?: string | undefined; readonly servername?: string | undefined },
>(options: Options): Options {
  const host = options.servername || options.host || '';
  const check = (_host: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate);
  return { ...options, checkServerIdentity: check };
}

/** Lets the requests that are under way end, since what a write that is broken off has done is not known, and closes the rest. */
function retire(agent: HttpAgent): void {
  Object.assign(agent, { keepAlive: false });
  for (const socket of Object.values(agent.freeSockets).flatMap(sockets => sockets ?? [])) socket.destroy();
}

function tlsOptions(options: RequestOptions): AgentOptions {
  const { ca, cert, key, rejectUnauthorized, servername, allowPartialTrustChain } = options;
  const all = { ca, cert, key, rejectUnauthorized, servername, allowPartialTrustChain };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
