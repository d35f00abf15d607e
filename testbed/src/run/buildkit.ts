import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Environment, findProgram } from '../build/machine.ts';
import type { StartContext } from './context.ts';
import type { TestbedBuildkit } from './options.ts';

const run = promisify(execFile);
const POLL_MILLISECONDS = 50;

/** Starts a BuildKit that runs builds with runc, on the host's network: the testbed's registry is on 127.0.0.1. */
export async function startBuildkit({
  folder,
  locate,
  supervision,
  environment,
  signal,
}: StartContext): Promise<TestbedBuildkit> {
  const socket = join(folder, 'buildkitd.sock');
  const isolation = await isolate(environment);
  const daemon = [
    locate('buildkitd'),
    `--root=${join(folder, 'buildkit')}`,
    `--addr=unix://${socket}`,
    '--oci-worker=true',
    '--containerd-worker=false',
    `--oci-worker-binary=${locate('runc-without-seccomp')}`,
    '--oci-worker-net=host',
  ];
  const [command = '', ...args] = [...isolation, ...daemon];
  supervision.start({ name: 'buildkitd', command, args, gentle: isolation.length === 0 });
  await supervision.until('buildkitd', async ended => {
    await waitForWorker(locate('buildctl'), socket, AbortSignal.any([signal, ended]));
  });
  return { address: `unix://${socket}`, buildctl: locate('buildctl') };
}

/**
 * A namespace of its own for the daemon's mounts and processes: when it is killed, the kernel unmounts every layer and
 * ends every container of a build with it. Where namespaces are not to be had, it puts away its own things on SIGTERM.
 */
async function isolate(environment: Environment): Promise<string[]> {
  const unshare = await findProgram('unshare', environment);
  if (unshare === undefined) return [];
  const isolation = [unshare, '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];
  const works = await run(unshare, [...isolation.slice(1), 'true']).then(
    () => true,
    () => false,
  );
  return works ? isolation : [];
}

async function waitForWorker(buildctl: string, socket: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const listens = await access(socket).then(
      () => true,
      () => false,
    );
    if (listens && (await answers(buildctl, socket))) return;
    await sleep(POLL_MILLISECONDS, undefined, { signal });
  }
}

async function answers(buildctl: string, socket: string): Promise<boolean> {
  return await run(buildctl, [`--addr=unix://${socket}`, 'debug', 'workers']).then(
    () => true,
    () => false,
  );
}
