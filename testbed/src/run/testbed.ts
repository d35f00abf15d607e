import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { type Environment, requireLinux, requireRoot } from '../build/machine.ts';
import type { PartName } from '../build/parts.ts';
import { ensureParts, type Programs } from '../build/programs.ts';
import { createProgress, type Progress } from '../build/progress.ts';
import type { TestbedErrorCode } from '../error-codes.ts';
import { startBuildkit } from './buildkit.ts';
import { startCluster } from './cluster.ts';
import { createRunFolder, readJson, runRoot, sweep } from './folders.ts';
import { kubeconfig } from './kubeconfig.ts';
import { loadAuthority } from './pki.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';
import { type RegistryAuth, type RunningRegistry, startRegistry } from './registry.ts';
import { type Supervision, startSupervision } from './supervision.ts';

export type TestbedPart = 'cluster' | 'registry' | 'buildkit';

export interface TestbedOptions {
  readonly parts: readonly TestbedPart[];
  /** A minor version, "1.32" to "1.36"; 1.36 unless said. Each is built once. */
  readonly kubernetes?: string;
  /** How many nodes kwok plays; 3 unless said. */
  readonly nodes?: number;
  readonly registryAuth?: RegistryAuth;
  /** A name under which another process finds it again; without one it is this process's own. */
  readonly name?: string;
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface TestbedCluster {
  /** A file of mode 0600 whose only context is "testbed", for the group system:masters. */
  readonly kubeconfig: string;
  readonly server: string;
  readonly kubectl: string;
  /** The path of a kubeconfig for a user who has no rights until RBAC gives some to the name or a group. */
  userKubeconfig(name: string, groups?: readonly string[]): Promise<string>;
}

export interface TestbedBuildkit {
  /** unix:///… */
  readonly address: string;
  readonly buildctl: string;
}

export interface Testbed {
  /** Logs, keys, data: everything of this testbed. It is removed when the testbed stops. */
  readonly directory: string;
  readonly cluster?: TestbedCluster;
  readonly registry?: RunningRegistry;
  readonly buildkit?: TestbedBuildkit;
  /** Lets it outlive this process; `npm run testbed -- down` stops it. */
  detach(): Promise<void>;
  stop(): Promise<void>;
}

/** What is written down of a running testbed, so that another process can use it. */
interface TestbedState {
  readonly cluster?: { readonly kubeconfig: string; readonly server: string; readonly kubectl: string };
  readonly registry?: RunningRegistry;
  readonly buildkit?: TestbedBuildkit;
}

/** What a testbed takes from its surroundings. */
export interface Surroundings {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly now: () => Date;
}

const DEFAULT_NODES = 3;
const START_MILLISECONDS = 120_000;

const PARTS_NEEDED: Readonly<Record<TestbedPart, readonly PartName[]>> = {
  cluster: ['control-plane', 'kwok'],
  registry: ['registry'],
  buildkit: ['buildkit', 'runc'],
};

/** Builds what is missing and starts the wanted parts; they are ready when this returns. */
export async function startTestbed(
  options: TestbedOptions,
  surroundings: Surroundings = defaultSurroundings(options.log),
): Promise<Testbed> {
  requireLinux();
  if (options.parts.includes('buildkit')) requireRoot();
  const { environment, progress } = surroundings;
  const names = neededParts(options.parts);
  const programs = await ensureParts(names, options.kubernetes, {
    environment,
    progress,
    signal: options.signal,
  });
  const root = await runRoot(environment);
  await sweep(root, surroundings.now);
  const folder = await createRunFolder(root, options.name);
  const supervision = await startSupervision(folder, environment);
  try {
    const state = await startParts(folder, programs, options, supervision, surroundings);
    await writeFile(join(folder, 'state.json'), JSON.stringify(state), { mode: 0o600 });
    supervision.letGo();
    return testbed(folder, state, supervision, surroundings.now);
  } catch (error) {
    await writeFile(join(folder, 'failed.json'), '{}');
    await supervision.stop(true);
    await keepLogsOnly(folder);
    throw startError(error, folder, options.signal);
  }
}

/** The parts to build for what a testbed is asked for, in the order in which they are built: the longest first. */
export function neededParts(parts: readonly TestbedPart[]): PartName[] {
  return (['cluster', 'buildkit', 'registry'] as const)
    .filter(part => parts.includes(part))
    .flatMap(part => PARTS_NEEDED[part]);
}

async function startParts(
  folder: string,
  programs: Programs,
  options: TestbedOptions,
  supervision: Supervision,
  { environment, now }: Surroundings,
): Promise<TestbedState> {
  const deadline = AbortSignal.timeout(START_MILLISECONDS);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  const wants = (part: TestbedPart) => options.parts.includes(part);
  const program = (part: PartName, name: string) => join(programs.get(part) ?? '', name);
  const nodes = options.nodes ?? DEFAULT_NODES;
  const [cluster, registry, buildkit] = await Promise.all([
    wants('cluster') && startCluster(folder, clusterPrograms(program), nodes, supervision, now, signal),
    wants('registry') &&
      startRegistry(
        folder,
        program('registry', 'registry'),
        options.registryAuth ?? 'none',
        supervision,
        now,
        signal,
      ),
    wants('buildkit') && startBuildkit(folder, buildkitPrograms(program), supervision, environment, signal),
  ]);
  return { ...(cluster && { cluster }), ...(registry && { registry }), ...(buildkit && { buildkit }) };
}

type FindProgram = (part: PartName, name: string) => string;

function clusterPrograms(program: FindProgram) {
  return {
    etcd: program('control-plane', 'etcd'),
    apiServer: program('control-plane', 'kube-apiserver'),
    controllerManager: program('control-plane', 'kube-controller-manager'),
    scheduler: program('control-plane', 'kube-scheduler'),
    kubectl: program('control-plane', 'kubectl'),
    kwok: program('kwok', 'kwok'),
  };
}

function buildkitPrograms(program: FindProgram) {
  return {
    buildkitd: program('buildkit', 'buildkitd'),
    buildctl: program('buildkit', 'buildctl'),
    runc: program('runc', 'runc'),
  };
}

function testbed(
  folder: string,
  state: TestbedState,
  supervision: Pick<Supervision, 'detach' | 'stop'>,
  now: () => Date,
): Testbed {
  const { cluster, ...rest } = state;
  return {
    directory: folder,
    ...rest,
    ...(cluster && {
      cluster: {
        ...cluster,
        userKubeconfig: (name, groups = []) => writeUserKubeconfig(folder, cluster.server, name, groups, now),
      },
    }),
    detach: () => supervision.detach(),
    stop: () => supervision.stop(false),
  };
}

async function writeUserKubeconfig(
  folder: string,
  server: string,
  name: string,
  groups: readonly string[],
  now: () => Date,
): Promise<string> {
  const keys = join(folder, 'keys');
  const [certificate, key] = await Promise.all([
    readFile(join(keys, 'ca.crt'), 'utf8'),
    readFile(join(keys, 'ca.key'), 'utf8'),
  ]);
  const authority = await loadAuthority({ certificate, key }, now);
  const pair = await authority.client(name, groups);
  // The name may hold anything that Kubernetes allows in a user's name, a slash for one.
  const file = createHash('sha256')
    .update(JSON.stringify([name, groups]))
    .digest('hex')
    .slice(0, 16);
  const path = join(folder, 'users', `${file}.kubeconfig`);
  await mkdir(join(folder, 'users'), { recursive: true, mode: 0o700 });
  await writeFile(path, kubeconfig(server, certificate, name, pair), { mode: 0o600 });
  return path;
}

/** A testbed that another process started under that name and left running. */
export async function findTestbed(name: string, surroundings: Surroundings): Promise<Testbed> {
  const folder = join(await runRoot(surroundings.environment), name);
  const supervisor = await readJson<ProcessIdentity>(join(folder, 'supervisor.json'));
  const state = await readJson<TestbedState>(join(folder, 'state.json'));
  if (supervisor === undefined || state === undefined || !(await isAlive(supervisor))) {
    throw new SlipwayError<TestbedErrorCode>({
      code: 'testbed-not-running',
      message: `there is no running testbed of the name ${JSON.stringify(name)}`,
      remedy: 'start it with `npm run testbed -- up --detach`',
    });
  }
  const supervision = { detach: async () => {}, stop: async () => await terminate(supervisor) };
  return testbed(folder, state, supervision, surroundings.now);
}

async function terminate(supervisor: ProcessIdentity): Promise<void> {
  process.kill(supervisor.pid, 'SIGTERM');
  while (await isAlive(supervisor)) await new Promise(resolve => setTimeout(resolve, 50));
}

/** Whoever reads the error finds the logs where it says; keys and data are of no use to anybody. */
async function keepLogsOnly(folder: string): Promise<void> {
  const { readdir } = await import('node:fs/promises');
  for (const name of await readdir(folder)) {
    if (name !== 'logs' && name !== 'failed.json')
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

function startError(error: unknown, folder: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) {
    const problem = {
      code: 'testbed-cancelled',
      message: 'the testbed was told to stop before it was ready',
    } as const;
    return new SlipwayError<TestbedErrorCode>(problem, { cause: error });
  }
  if (!(error instanceof DOMException && error.name === 'TimeoutError')) return error;
  return new SlipwayError<TestbedErrorCode>(
    {
      code: 'testbed-start',
      message: `the testbed was not ready after ${START_MILLISECONDS / 1000} s`,
      remedy: `see the logs in ${join(folder, 'logs')}`,
    },
    { cause: error },
  );
}

export function defaultSurroundings(log: (line: string) => void = () => {}): Surroundings {
  return { environment: process.env, progress: createProgress({ line: log }), now: () => new Date() };
}
