import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Kills the API server that listens at an address, and starts it again as it was.
 * @returns the new one, which ends with the caller
 */
export function restartApiServer(address: string): ChildProcess {
  const port = `--secure-port=${new URL(address).port}`;
  const pid = readdirSync('/proc').find(name => /^\d+$/.test(name) && commandOf(name).includes(port));
  if (pid === undefined) throw new Error(`nothing listens at ${address}`);
  const command = commandOf(pid);
  const cwd = readlinkSync(`/proc/${pid}/cwd`);
  process.kill(Number(pid), 'SIGKILL');
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { cwd, stdio: 'ignore' });
}

/** A process that has just ended has none. */
function commandOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  } catch {
    return [];
  }
}
