import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import { cacheFolder } from './cache.ts';
import { takeLock } from './lock.ts';
import { type Environment, findProgram } from './machine.ts';
import type { Progress } from './progress.ts';

const run = promisify(execFile);

/** Programs that come from Debian's archive, since no Go module proxy has them. */
export const DEBIAN_TOOLS = ['buildah', 'skopeo', 'cmark-gfm', 'gh', 'mmdebstrap'] as const;
export type DebianTool = (typeof DEBIAN_TOOLS)[number];

export function isDebianTool(tool: string): tool is DebianTool {
  return (DEBIAN_TOOLS as readonly string[]).includes(tool);
}

/** Libraries that they need and that some machines lack. */
const LIBRARIES: Readonly<Record<DebianTool, readonly string[]>> = {
  buildah: ['libgpgme11', 'libassuan0'],
  skopeo: ['libgpgme11', 'libassuan0'],
  'cmark-gfm': ['libcmark-gfm0.29.0.gfm.6', 'libcmark-gfm-extensions0.29.0.gfm.6'],
  gh: [],
  mmdebstrap: ['debian-archive-keyring'],
};

interface DebianContext {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/**
 * The path of a program on this machine, or of the one in Debian's package, which is unpacked in the cache and not installed.
 * apt verifies the download with the archive's signed index.
 * @throws SlipwayError `testbed-machine` if there is neither
 */
export async function debianTool(tool: DebianTool, context: DebianContext): Promise<string> {
  const own = await findProgram(tool, context.environment);
  if (own !== undefined) return own;
  const folder = join(cacheFolder(context.environment), `debian-${tool}`);
  const program = join(folder, 'bin', tool);
  await mkdir(cacheFolder(context.environment), { recursive: true });
  const waiting = (pid: number) =>
    context.progress.line(`${tool}: process ${pid} fetches it already, waiting`);
  const lock = await takeLock(`${folder}.lock`, waiting, context.signal);
  try {
    // What is made last: a folder without it is of a process that was stopped in between.
    if (!existsSync(libraryCache(folder))) await unpack(tool, folder);
    return program;
  } catch (cause) {
    throw new SlipwayError<TestbedErrorCode>(
      {
        code: 'testbed-machine',
        message: `this machine has no ${tool}, and its package could not be fetched and unpacked`,
        remedy: `install it (\`apt-get install ${tool}\`)`,
      },
      { cause },
    );
  } finally {
    await lock.release();
  }
}

/**
 * The content of one of Debian's packages, which is unpacked in the cache and not installed.
 * @throws SlipwayError `testbed-machine` if it cannot be fetched
 */
export async function debianPackage(name: string, { environment }: DebianContext): Promise<string> {
  const folder = join(cacheFolder(environment), `debian-${name}`);
  if (existsSync(folder)) return join(folder, 'root');
  await mkdir(cacheFolder(environment), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.unfinished-`);
  try {
    await fetchPackages([name], unfinished);
    for (const file of await readdir(unfinished))
      if (file.endsWith('.deb')) await run('dpkg', ['-x', join(unfinished, file), join(unfinished, 'root')]);
  } catch (cause) {
    throw new SlipwayError<TestbedErrorCode>(
      {
        code: 'testbed-machine',
        message: `Debian's package ${name} could not be fetched and unpacked`,
        remedy: 'run it on a machine with apt-get and dpkg that reaches the archive',
      },
      { cause },
    );
  }
  await rename(unfinished, folder).catch(async error => {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
    await rm(unfinished, { recursive: true });
  });
  return join(folder, 'root');
}

async function unpack(tool: DebianTool, folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(unfinished, 'bin'), { recursive: true });
  await fetchPackages([tool, ...LIBRARIES[tool]], unfinished);
  for (const file of await readdir(unfinished))
    if (file.endsWith('.deb')) await run('dpkg', ['-x', join(unfinished, file), join(unfinished, 'root')]);
  await writeFile(join(unfinished, 'bin', tool), launcher(tool, folder));
  await chmod(join(unfinished, 'bin', tool), 0o755);
  const libraries = join(folder, 'root/usr/lib', `${machine()}-linux-gnu`);
  await writeFile(join(unfinished, 'ld.so.conf'), `include /etc/ld.so.conf\n${libraries}\n`);
  await rename(unfinished, folder);
  await run('/sbin/ldconfig', ['-X', '-C', libraryCache(folder), '-f', join(folder, 'ld.so.conf')]);
}

/** The list of where libraries are. It has their final paths, so it can only be made once the folder has its name; ldconfig renames it. */
function libraryCache(folder: string): string {
  return join(folder, 'ld.so.cache');
}

function machine(): string {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64';
}

/** A new machine has no lists of packages yet. */
async function fetchPackages(packages: readonly string[], folder: string): Promise<void> {
  const download = () => run('apt-get', ['download', ...packages], { cwd: folder });
  await download().catch(async () => {
    await run('apt-get', ['update']);
    await download();
  });
}

/**
 * buildah restarts itself without an environment, so that LD_LIBRARY_PATH would be lost. The loader's own list is replaced instead,
 * for this process and its children.
 */
function launcher(tool: DebianTool, folder: string): string {
  const bind = `mount --bind '${libraryCache(folder)}' /etc/ld.so.cache`;
  const program = join(folder, 'root/usr/bin', tool);
  return `#!/bin/sh\nexec unshare --mount sh -c "${bind} && exec '${program}' \\"\\$@\\"" ${tool} "$@"\n`;
}
