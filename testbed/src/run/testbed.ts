import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import { isAlive, type ProcessIdentity } from '../process-identity.ts';
import { readJson, runRoot } from './folders.ts';
import { kubeconfig } from './kubeconfig.ts';
import type { ClusterAddress, Surroundings, Testbed, TestbedState } from './options.ts';
import { loadAuthority } from './pki.ts';
import type { Supervision } from './supervision.ts';
import { defaultSurroundings } from './surroundings.ts';

const POLL_MILLISECONDS = 50;

/** The handle of a running testbed, made of what is written down of it. */
export function testbedOf(
  folder: string,
  { cluster, ...others }: TestbedState,
  supervision: Pick<Supervision, 'detach' | 'stop'>,
  now: () => Date,
): Testbed {
  return {
    directory: folder,
    ...others,
    ...(cluster && {
      cluster: {
        ...cluster,
        userKubeconfig: (name, groups = []) => writeUserKubeconfig(folder, cluster, name, groups, now),
      },
    }),
    detach: () => supervision.detach(),
    stop: () => supervision.stop(false),
  };
}

/** A testbed that another process started under that name and left running. Throws testbed-not-running. */
export async function findTestbed(
  name: string,
  { environment, now }: Surroundings = defaultSurroundings(),
): Promise<Testbed> {
  const folder = join(await runRoot(environment), name);
  const supervisor = await readJson<ProcessIdentity>(join(folder, 'supervisor.json'));
  const state = await readJson<TestbedState>(join(folder, 'state.json'));
  if (supervisor === undefined || state === undefined || !(await isAlive(supervisor))) {
    throw new SlipwayError<TestbedErrorCode>({
      code: 'testbed-not-running',
      message: `no testbed with the name ${JSON.stringify(name)} is running`,
      remedy:
        'start it with `npm run testbed -- up --detach`; `npm run testbed -- status` lists those that run',
    });
  }
  return testbedOf(folder, state, { detach: async () => {}, stop: () => terminate(supervisor) }, now);
}

async function terminate(supervisor: ProcessIdentity): Promise<void> {
  process.kill(supervisor.pid, 'SIGTERM');
  while (await isAlive(supervisor)) await sleep(POLL_MILLISECONDS);
}

async function writeUserKubeconfig(
  folder: string,
  cluster: ClusterAddress,
  name: string,
  groups: readonly string[],
  now: () => Date,
): Promise<string> {
  const certificate = await readKey(folder, 'ca.crt');
  const authority = await loadAuthority({ certificate, key: await readKey(folder, 'ca.key') }, now);
  const pair = await authority.client(name, groups);
  // A user's name may hold anything, a slash for one.
  const hash = createHash('sha256').update(JSON.stringify([name, groups]));
  const path = join(folder, 'users', `${hash.digest('hex').slice(0, 16)}.kubeconfig`);
  await mkdir(join(folder, 'users'), { recursive: true, mode: 0o700 });
  await writeFile(path, kubeconfig(cluster.server, certificate, name, pair), { mode: 0o600 });
  return path;
}

async function readKey(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, 'keys', name), 'utf8');
  } catch (error) {
    throw new SlipwayError<TestbedErrorCode>(
      {
        code: 'testbed-option',
        message: 'users can be made only for a control plane that the testbed started',
        remedy: 'leave out --use-kubeconfig',
      },
      { cause: error },
    );
  }
}
