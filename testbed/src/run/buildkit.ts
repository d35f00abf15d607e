import { execFile } from 'node:child_process';
import { access, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { StartContext } from './context.ts';
import { IMAGES, inContainer } from './docker.ts';
import { isolation } from './isolation.ts';
import type { TestbedBuildkit } from './options.ts';
import type { SupervisedProcess } from './supervision.ts';

const run = promisify(execFile);
const POLL_MILLISECONDS = 50;

/**
 * Starts a BuildKit that runs builds on the host's network: the testbed's registry is on 127.0.0.1.
 * @param config the text of its buildkitd.toml
 */
export async function startBuildkit(context: StartContext, config = ''): Promise<TestbedBuildkit> {
  const { folder, locate, supervision, signal } = context;
  const socket = join(folder, 'buildkitd.sock');
  const path = join(folder, 'buildkitd.toml');
  await writeFile(path, config);
  const args = [`--config=${path}`, `--addr=unix://${socket}`, '--oci-worker-net=host'];
  const daemon = { command: locate('buildkitd'), args };
  supervision.start(await (context.docker === undefined ? daemonOnHost : daemonInContainer)(daemon, context));
  await supervision.until('buildkitd', async ended => {
    await waitForWorker(locate('buildctl'), socket, AbortSignal.any([signal, ended]));
  });
  return { address: `unix://${socket}`, buildctl: locate('buildctl') };
}

interface Daemon {
  readonly command: string;
  readonly args: readonly string[];
}

async function daemonOnHost(daemon: Daemon, context: StartContext): Promise<SupervisedProcess> {
  const { folder, locate, environment } = context;
  // Without namespaces it cleans up on SIGTERM.
  const isolated = (await isolation(environment)) ?? [];
  const [command = '', ...args] = [
    ...isolated,
    daemon.command,
    ...daemon.args,
    `--root=${join(folder, 'buildkit')}`,
    '--oci-worker=true',
    '--containerd-worker=false',
    `--oci-worker-binary=${locate('runc-without-seccomp')}`,
  ];
  return { name: 'buildkitd', command, args, gentle: isolated.length === 0 };
}

/** Its layers stay in the container. The socket belongs to this user's group, so that the user need not be root. */
async function daemonInContainer(
  daemon: Daemon,
  { folder, docker = '' }: StartContext,
): Promise<SupervisedProcess> {
  const process = { name: 'buildkitd', ...daemon, args: [...daemon.args, `--group=${userInfo().gid}`] };
  return inContainer(process, { docker, image: IMAGES.buildkit, folder, options: ['--privileged'] });
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
