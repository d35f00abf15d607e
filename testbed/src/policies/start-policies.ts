import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ClusterAddress } from '../run/options.ts';
import { bridgeOf } from '../run/real-node.ts';
import { toolPath } from '../tools.ts';

/** What makes the pods of the real node keep to NetworkPolicies. */
export interface RunningPolicies {
  stop(): Promise<void>;
}

/**
 * Starts kube-network-policies for the real node of a cluster. It ends with `stop`, or with this process, and the kernel removes its rules then.
 * @throws Error with what it said, such as that the kernel has no queues for packets
 */
export async function startPolicies({ kubeconfig, node }: ClusterAddress): Promise<RunningPolicies> {
  if (node === undefined) throw new Error('the cluster has no real node');
  const args = [kubeconfig, node.name, bridgeOf(node.address)];
  const child = spawn(await toolPath('policies'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const said: string[] = [];
  // The controller writes what it does into a log of its own lines, which would fill the pipe.
  child.stderr.on('data', text => void said.splice(0, Math.max(0, said.push(String(text)) - 20)));
  const ended = once(child, 'exit');
  const ready = once(createInterface({ input: child.stdout }), 'line').then(() => true);
  if (!(await Promise.race([ready, ended.then(() => false)]))) {
    process.off('exit', kill);
    throw new Error(`kube-network-policies did not start: ${said.join('')}`);
  }
  return {
    async stop() {
      process.off('exit', kill);
      child.kill('SIGTERM');
      await ended;
    },
  };
}
