import { Agent as HttpAgent } from 'node:http';
import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import type { Cluster } from './kubeconfig/cluster.ts';
import type { Environment } from './kubeconfig/source.ts';

/** Milliseconds that connecting may take, TLS included; two attempts fit into the 15 s after which a cluster counts as unreachable. */
export const CONNECT_TIMEOUT = 6_000;
const REUSING = { keepAlive: true, maxSockets: 32, scheduling: 'lifo' } as const;

/** One agent for as long as certificates and proxy stay what they are. */
export function reusedAgent() {
  let agent: HttpAgent | undefined;
  let agentKey = '';
  return {
    async for(cluster: Cluster, options: RequestOptions, environment: Environment): Promise<HttpAgent> {
      const tls = tlsOptions(options);
      const key = JSON.stringify([cluster.server, cluster.proxyUrl, tls]);
      if (key === agentKey && agent !== undefined) return agent;
      const made = await agentFor(cluster, tls, environment);
      if (agent !== undefined) retire(agent);
      agent = made;
      agentKey = key;
      return agent;
    },
    close: () => agent?.destroy(),
  };
}

async function agentFor(cluster: Cluster, tls: AgentOptions, environment: Environment): Promise<HttpAgent> {
  const { server, proxyUrl } = cluster;
  if (proxyUrl.startsWith('socks5:')) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    // As in kubectl, the proxy finds out the address of the host, which may be known only there.
    return new SocksProxyAgent(proxyUrl.replace('socks5:', 'socks5h:'), REUSING);
  }
  if (server.startsWith('http:')) return new HttpAgent({ ...REUSING, ...givenProxy('HTTP_PROXY', proxyUrl) });
  return new Agent({ ...tls, ...REUSING, ...proxyOptions(server, proxyUrl, environment) });
}

/** Lets the requests that are under way end, since what a write that is broken off has done is not known, and closes the rest. */
function retire(agent: HttpAgent): void {
  Object.assign(agent, { keepAlive: false });
  for (const socket of Object.values(agent.freeSockets).flatMap(sockets => sockets ?? [])) socket.destroy();
}

function tlsOptions(options: RequestOptions): AgentOptions {
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  const all = { ca, cert, key, rejectUnauthorized, servername };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

type ProxyOptions = Pick<AgentOptions, 'proxyEnv' | 'timeout'>;

/**
 * The proxy of the kubeconfig, or else of the environment, which is not used for this machine itself, as in kubectl:
 * https://pkg.go.dev/net/http#ProxyFromEnvironment
 */
function proxyOptions(server: string, proxyUrl: string, environment: Environment): ProxyOptions {
  if (proxyUrl !== '') return givenProxy('HTTPS_PROXY', proxyUrl);
  const names = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];
  const set = names.flatMap(name => (environment[name] ? [[name, environment[name]] as const] : []));
  if (isThisMachine(server) || !set.some(([name]) => /^https/i.test(name))) return {};
  return { proxyEnv: Object.fromEntries(set), timeout: CONNECT_TIMEOUT };
}

/** The socket is the agent's until the proxy has connected, so the agent must enforce the timeout. */
function givenProxy(variable: 'HTTP_PROXY' | 'HTTPS_PROXY', url: string): ProxyOptions {
  return url === '' ? {} : { proxyEnv: { [variable]: url }, timeout: CONNECT_TIMEOUT };
}

function isThisMachine(server: string): boolean {
  const host = URL.canParse(server) ? new URL(server).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
