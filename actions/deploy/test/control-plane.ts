import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A process of a testbed, found among those that the testbed noted in its folder. */
function processOf(directory: string, program: string): { readonly pid: number; readonly command: string[] } {
  const noted = JSON.parse(readFileSync(join(directory, 'processes.json'), 'utf8')) as { pid: number }[];
  for (const { pid } of noted) {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    if (command[0]?.endsWith(`/${program}`)) return { pid, command };
  }
  throw new Error(`the testbed runs no ${program}`);
}

/** Lets etcd do nothing for some milliseconds, as a disk does that is too slow. */
export function pauseEtcd(directory: string, milliseconds: number): void {
  const { pid } = processOf(directory, 'etcd');
  process.kill(pid, 'SIGSTOP');
  setTimeout(() => process.kill(pid, 'SIGCONT'), milliseconds);
}

/** Kills the API server and starts it again, which takes some seconds. @returns a function that ends the new one */
export function restartApiServer(directory: string): () => void {
  const { pid, command } = processOf(directory, 'kube-apiserver');
  process.kill(pid, 'SIGKILL');
  // A shell around it, so that it goes when this process does, however that ends.
  const script = '"$@" & child=$!; cat > /dev/null; kill -9 $child';
  const shell = spawn('sh', ['-c', script, 'sh', ...command], {
    cwd: directory,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return () => shell.stdin?.end();
}
