import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import type { Environment } from './kubeconfig/source.ts';

/** Milliseconds that connecting may take, TLS included; two attempts fit into the 15 s after which a cluster counts as unreachable. */
export const CONNECT_TIMEOUT = 6_000;
const MAX_SOCKETS = 32;

/** One agent for as long as certificates and proxy stay what they are. */
export function reusedAgent() {
  let agent: Agent | undefined;
  let agentKey = '';
  return {
    for(tls: AgentOptions): Agent {
      const key = JSON.stringify(tls);
      if (key === agentKey && agent !== undefined) return agent;
      if (agent !== undefined) retire(agent);
      agent = new Agent({ ...tls, keepAlive: true, maxSockets: MAX_SOCKETS, scheduling: 'lifo' });
      agentKey = key;
      return agent;
    },
    close: () => agent?.destroy(),
  };
}

/** Lets the requests that are under way end, since what a write that is broken off has done is not known, and closes the rest. */
function retire(agent: Agent): void {
  Object.assign(agent, { keepAlive: false });
  for (const socket of Object.values(agent.freeSockets).flatMap(sockets => sockets ?? [])) socket.destroy();
}

export function tlsOptions(options: RequestOptions): AgentOptions {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  const all = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
}

/**
 * The proxy of the kubeconfig, or else of the environment, which is not used for this machine itself, as in kubectl:
 * https://pkg.go.dev/net/http#ProxyFromEnvironment
 */
export function proxyOptions(
  server: string,
  proxyUrl: string | undefined,
  environment: Environment,
): Pick<AgentOptions, 'proxyEnv' | 'timeout'> {
  // The socket is the agent's until the proxy has connected, so the agent must enforce the timeout.
  if (proxyUrl !== undefined) return { proxyEnv: { HTTPS_PROXY: proxyUrl }, timeout: CONNECT_TIMEOUT };
  const names = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];
  const set = names.flatMap(name => (environment[name] ? [[name, environment[name]] as const] : []));
  if (isThisMachine(server) || !set.some(([name]) => /^https/i.test(name))) return {};
  return { proxyEnv: Object.fromEntries(set), timeout: CONNECT_TIMEOUT };
}

function isThisMachine(server: string): boolean {
  const host = URL.canParse(server) ? new URL(server).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
