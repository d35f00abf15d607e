import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Environment, findProgram } from '../build/machine.ts';

const run = promisify(execFile);

/**
 * The command that starts a daemon in new namespaces for mounts and processes: when the daemon is killed, the kernel unmounts
 * everything and ends all of its containers. Undefined if the machine has no unshare or does not allow it.
 */
export async function isolation(environment: Environment): Promise<readonly string[] | undefined> {
  const unshare = await findProgram('unshare', environment);
  if (unshare === undefined) return undefined;
  const command = [unshare, '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];
  return await run(unshare, [...command.slice(1), 'true']).then(
    () => command,
    () => undefined,
  );
}
