import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import { cacheEntry, cacheFolder } from './cache.ts';
import { type BuildContext, runGo } from './go.ts';
import { writeKubernetesModule } from './kubernetes-module.ts';
import { takeLock } from './lock.ts';
import { requireCompiler, requireGo } from './machine.ts';
import { DEFAULT_KUBERNETES, isKubernetesPart, type Part, partOf } from './parts.ts';
import { formatElapsed } from './progress.ts';

const MODULES = fileURLToPath(new URL('../../go', import.meta.url));

/**
 * The folder with a part's programs, which are built if this version is not in the cache. Two processes that need the same part
 * build it once.
 * @throws SlipwayError `testbed-machine` without Go, `testbed-build` with the path of the log if the compiler fails
 */
export async function ensurePart(part: Part, context: BuildContext): Promise<string> {
  const goVersion = await requireGo(part, context.environment);
  const cache = cacheFolder(context.environment);
  await mkdir(join(cache, 'logs'), { recursive: true });
  const module = await moduleOf(part, cache, context);
  const entry = await cacheEntry(part, module, goVersion);
  const folder = join(cache, entry);
  if (existsSync(folder)) return folder;
  if (part.cgo) await requireCompiler(context.environment);

  const waiting = (pid: number) =>
    context.progress.line(`${context.prefix ?? ''}${part.name}: process ${pid} builds it already, waiting`);
  const lock = await takeLock(`${folder}.lock`, waiting, context.signal);
  try {
    if (!existsSync(folder)) await build(part, module, folder, context);
    return folder;
  } finally {
    await lock.release();
  }
}

/** The pinned module in the checkout; for another version of Kubernetes, a module in the cache. */
async function moduleOf(part: Part, cache: string, context: BuildContext): Promise<string> {
  const pinned = join(MODULES, part.name);
  if (!isKubernetesPart(part.name) || part.version === partOf(part.name, DEFAULT_KUBERNETES).version) {
    return pinned;
  }
  return await writeKubernetesModule(part.name, part.version, pinned, cache, context);
}

async function build(part: Part, module: string, folder: string, context: BuildContext): Promise<void> {
  const started = Date.now();
  const log = join(dirname(folder), 'logs', `${part.name}-${part.version}.log`);
  const unfinished = `${folder}.unfinished`;
  const label = `${context.prefix ?? ''}${part.name} ${part.version}`;
  let packages = 0;
  const work = context.progress.begin(() => {
    const compiled = packages === 0 ? '' : `, ${packages} packages`;
    return `${label} … ${formatElapsed(Date.now() - started)}${compiled}`;
  });
  let succeeded = false;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    const counted = () => {
      packages++;
    };
    await compile(part, module, unfinished, log, counted, context);
    const [program = ''] = Object.keys(part.programs);
    for (const link of part.links ?? []) await symlink(program, join(unfinished, link));
    await rename(unfinished, folder);
    succeeded = true;
  } finally {
    const outcome = succeeded ? 'built in' : 'failed after';
    work.end(`${label} ${outcome} ${formatElapsed(Date.now() - started)}`);
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function compile(
  part: Part,
  module: string,
  target: string,
  log: string,
  counted: () => void,
  context: BuildContext,
): Promise<void> {
  const args = ['build', '-v', '-buildvcs=false', '-mod=readonly'];
  // What is compiled with it goes by the version that go.mod asks for, and not by the one that replaces it, so parts would share less.
  if (part.reproducible) args.push('-trimpath');
  if (part.tags !== undefined) args.push('-tags', part.tags.join(','));
  // What only a debugger reads is a sixth of the compiler's work, and the programs are stripped of it anyway. Another eighth is spent on
  // compiling the functions of a package side by side, which saves nothing where there are packages for all processors.
  const concurrency = availableParallelism() > 4 ? '' : ' -c=1';
  args.push(`-gcflags=all=-dwarf=false${concurrency}`);
  args.push(
    '-ldflags',
    `-s -w ${part.ldflags ?? ''}`.trim(),
    '-o',
    `${target}/`,
    ...Object.values(part.programs),
  );
  const go = { cwd: module, args, cgo: part.cgo === true };
  const status = await runGo(go, log, counted, context);
  if (status === 0) return;
  context.signal?.throwIfAborted();
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-build',
    message: `${part.name} ${part.version} could not be built`,
    remedy: `see ${log} (the usual cause without a network is a missing Go module proxy)`,
  });
}
