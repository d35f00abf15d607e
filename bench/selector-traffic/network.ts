import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, connect as open, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type TestbedCluster, toolPath } from '@slipway/testbed';

const run = promisify(execFile);

/** Where the clients and kube-proxy are: beside the real node, on the bridge of its pods, with rules of their own. */
export interface ClientNetwork {
  /** Starts a program there. */
  start(command: string, args: readonly string[], output: number): ChildProcess;
  close(): Promise<void>;
}

const [HOST_END, OWN_END] = ['slipway-tr0', 'slipway-tr1'];
const NAMESPACE = 'slipway-traffic';

/**
 * A network namespace with kube-proxy in mode nftables. The API server listens on this machine's own address, so that a port of the
 * node's address is forwarded to it.
 */
export async function startClientNetwork(cluster: TestbedCluster, folder: string): Promise<ClientNetwork> {
  const address = cluster.node?.address ?? '';
  const prefix = address.replace(/\.1$/, '');
  const bridge = await bridgeOf(address);
  const own = `${prefix}.250`;
  await run('ip', ['netns', 'add', NAMESPACE]);
  const inside = (...args: string[]) => run('ip', ['-n', NAMESPACE, ...args]);
  await run('ip', ['link', 'add', HOST_END, 'type', 'veth', 'peer', 'name', OWN_END, 'netns', NAMESPACE]);
  await run('ip', ['link', 'set', HOST_END, 'master', bridge, 'up']);
  await inside('link', 'set', 'lo', 'up');
  await inside('address', 'add', `${own}/24`, 'dev', OWN_END);
  await inside('link', 'set', OWN_END, 'up');
  await inside('route', 'add', 'default', 'via', address);
  const forwarder = await forward(address, cluster.server);
  const { port } = forwarder.address() as { port: number };
  const kubeconfig = join(folder, 'kube-proxy.kubeconfig');
  await writeFile(kubeconfig, await movedKubeconfig(cluster, `https://${address}:${port}`), { mode: 0o600 });
  const start = (command: string, args: readonly string[], output: number): ChildProcess =>
    spawn('ip', ['netns', 'exec', NAMESPACE, command, ...args], { stdio: ['ignore', output, output] });
  const { openSync } = await import('node:fs');
  const proxy = start(
    await toolPath('kube-proxy'),
    [
      '--proxy-mode=nftables',
      `--kubeconfig=${kubeconfig}`,
      `--hostname-override=${cluster.node?.name}`,
      `--bind-address=${own}`,
      // Only the machine's first namespace may change these, and no test fills them.
      '--conntrack-max-per-core=0',
      '--conntrack-tcp-timeout-established=0s',
      '--conntrack-tcp-timeout-close-wait=0s',
      '--healthz-bind-address=127.0.0.1:10256',
    ],
    openSync(join(folder, 'kube-proxy.log'), 'w'),
  );
  return {
    start,
    async close() {
      proxy.kill('SIGTERM');
      await new Promise(resolve => proxy.once('exit', resolve));
      forwarder.close();
      await run('ip', ['link', 'delete', HOST_END]).catch(() => {});
      await run('ip', ['netns', 'delete', NAMESPACE]);
    },
  };
}

async function bridgeOf(address: string): Promise<string> {
  const { stdout } = await run('ip', ['-json', 'address', 'show', 'to', `${address}/32`]);
  const [link] = JSON.parse(stdout) as { ifname: string }[];
  if (link === undefined) throw new Error(`no bridge has the node's address ${address}`);
  return link.ifname;
}

async function forward(address: string, server: string): Promise<Server> {
  const { hostname, port } = new URL(server);
  const forwarder = createServer(client => {
    const upstream = open(Number(port), hostname);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream])
      socket.on('error', () => [client, upstream].map(end => end.destroy()));
  });
  await new Promise<void>(resolve => forwarder.listen(0, address, resolve));
  return forwarder;
}

/** The administrator's kubeconfig at another address; the certificate is for the first one. */
async function movedKubeconfig({ kubeconfig, server }: TestbedCluster, to: string): Promise<string> {
  const text = await readFile(kubeconfig, 'utf8');
  return text.replace(/^( *)server: .*$/m, `$1server: ${to}\n$1tls-server-name: ${new URL(server).hostname}`);
}
