import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { ensureParts } from '../build/build-parts.ts';
import { findProgram } from '../build/machine.ts';
import type { PartName } from '../build/parts.ts';
import type { TestbedErrorCode } from '../error-codes.ts';
import { extractBuildctl, IMAGES, requireDocker } from './docker.ts';
import type { OwnParts, Surroundings, TestbedOptions, TestbedPart } from './options.ts';

/** A program of the testbed, and the part that it is built with. The order is the order of building: the longest first. */
const PROGRAMS = {
  etcd: 'control-plane',
  'kube-apiserver': 'control-plane',
  'kube-controller-manager': 'control-plane',
  'kube-scheduler': 'control-plane',
  kubectl: 'control-plane',
  kubelet: 'kubelet',
  containerd: 'node',
  ctr: 'node',
  machine: 'node',
  pause: 'node',
  kwok: 'kwok',
  buildkitd: 'buildkit',
  buildctl: 'buildkit',
  'runc-without-seccomp': 'runc',
  registry: 'registry',
} as const satisfies Record<string, PartName>;

export type ProgramName = keyof typeof PROGRAMS;
/** The path of each program of the requested parts. */
export type Locate = (program: ProgramName) => string;

export interface Programs {
  readonly locate: Locate;
  /** The docker command, when it runs what would need building. */
  readonly docker?: string;
}

const CONTROL_PLANE = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
] as const;
const NEEDED: Readonly<Record<TestbedPart, readonly ProgramName[]>> = {
  cluster: [...CONTROL_PLANE, 'kwok'],
  buildkit: ['buildkitd', 'buildctl', 'runc-without-seccomp'],
  registry: ['registry'],
  node: ['kubelet', 'containerd', 'ctr', 'machine', 'pause', 'runc-without-seccomp'],
};

/** Builds the programs that the options need and that the user does not provide. @returns the paths of all of them */
export async function ensurePrograms(
  options: Pick<TestbedOptions, 'parts' | 'kubernetes' | 'use' | 'signal'>,
  surroundings: Surroundings,
): Promise<Programs> {
  const wanted = neededPrograms(options);
  const own = await ownPrograms(wanted, options.use ?? {}, surroundings);
  const docker = options.use?.docker ? await addDocker(own, wanted, surroundings) : undefined;
  const { environment, progress } = surroundings;
  const context = { environment, progress, signal: options.signal };
  const folders = await ensureParts(
    partsOf(wanted.filter(name => !own.has(name))),
    options.kubernetes,
    context,
  );
  const locate: Locate = program => own.get(program) ?? join(folders.get(PROGRAMS[program]) ?? '', program);
  return { locate, ...(docker !== undefined && { docker }) };
}

/** The parts that a testbed of these parts is built of. */
export function neededParts(parts: readonly TestbedPart[]): PartName[] {
  return partsOf(neededPrograms({ parts }));
}

function neededPrograms({ parts, use }: Pick<TestbedOptions, 'parts' | 'use'>): ProgramName[] {
  const wanted = new Set(
    parts.flatMap(part => (part === 'cluster' && use?.kubeconfig ? ['kubectl' as const] : NEEDED[part])),
  );
  return (Object.keys(PROGRAMS) as ProgramName[]).filter(name => wanted.has(name));
}

function partsOf(programs: readonly ProgramName[]): PartName[] {
  return [...new Set(programs.map(name => PROGRAMS[name]))];
}

async function ownPrograms(
  wanted: readonly ProgramName[],
  use: OwnParts,
  { environment }: Surroundings,
): Promise<Map<ProgramName, string>> {
  const own = new Map<ProgramName, string>();
  const found = async (program: ProgramName, onPath: string) => {
    const path = wanted.includes(program) ? await findProgram(onPath, environment) : undefined;
    if (path !== undefined) own.set(program, path);
  };
  // A machine with containers has a runc, and building one takes a C compiler.
  await found('runc-without-seccomp', 'runc');
  if (use.kubeconfig !== undefined) await found('kubectl', 'kubectl');
  if (use.assets !== undefined && use.kubeconfig === undefined) await addAssets(own, use.assets);
  return own;
}

/** In containers the programs go by their names; buildctl alone runs outside. */
async function addDocker(
  own: Map<ProgramName, string>,
  wanted: readonly ProgramName[],
  surroundings: Surroundings,
): Promise<string | undefined> {
  const needed = (['registry', 'buildkit'] as const).filter(part =>
    NEEDED[part].some(name => wanted.includes(name)),
  );
  if (needed.length === 0) return undefined;
  const docker = await requireDocker(
    needed.map(part => IMAGES[part]),
    surroundings,
  );
  if (needed.includes('registry')) own.set('registry', 'registry');
  if (needed.includes('buildkit')) {
    own.set('buildkitd', 'buildkitd').set('runc-without-seccomp', 'buildkit-runc');
    own.set('buildctl', await extractBuildctl(docker, surroundings));
  }
  return docker;
}

async function addAssets(own: Map<ProgramName, string>, folder: string): Promise<void> {
  for (const name of CONTROL_PLANE) {
    const path = join(folder, name);
    const there = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) own.set(name, path);
  }
  if (own.has('etcd') && own.has('kube-apiserver')) return;
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-machine',
    message: `${folder} has no etcd and kube-apiserver that can be run`,
    remedy: 'set KUBEBUILDER_ASSETS to what `setup-envtest use -p path` prints',
  });
}
