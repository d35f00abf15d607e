import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import { cacheFolder } from './cache.ts';
import { takeLock } from './lock.ts';
import type { Environment } from './machine.ts';
import type { Progress } from './progress.ts';

const run = promisify(execFile);

/** Programs that come from Python's registry, as one that is compiled for each architecture. */
export const PYTHON_TOOLS = ['zizmor', 'moto_server'] as const;
export type PythonTool = (typeof PYTHON_TOOLS)[number];

export function isPythonTool(tool: string): tool is PythonTool {
  return (PYTHON_TOOLS as readonly string[]).includes(tool);
}

const REQUIREMENTS = fileURLToPath(new URL('../../python', import.meta.url));

interface PythonContext {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** What tests run scripts with, in a folder that PYTHONPATH may name. */
export type PythonLibrary = 'azure_keyvault' | 'google_crc32c' | 'scipy';

/** The path of a program in the cache. @throws SlipwayError `testbed-machine` if it could not be downloaded */
export async function pythonTool(tool: PythonTool, context: PythonContext): Promise<string> {
  return join(await pythonFolder(tool, context), 'bin', tool);
}

/**
 * Where the packages of a list are in the cache; pip compares what it downloads with the hashes of the list, and installs nothing else.
 * @throws SlipwayError `testbed-machine` if they could not be downloaded
 */
export async function pythonFolder(
  name: PythonTool | PythonLibrary,
  context: PythonContext,
): Promise<string> {
  const requirements = join(REQUIREMENTS, `${name}.txt`);
  const folder = join(cacheFolder(context.environment), await entryOf(name, requirements));
  await mkdir(cacheFolder(context.environment), { recursive: true });
  const waiting = (pid: number) =>
    context.progress.line(`${name}: process ${pid} fetches it already, waiting`);
  const lock = await takeLock(`${folder}.lock`, waiting, context.signal);
  try {
    if (!existsSync(folder)) await install(requirements, folder);
    return folder;
  } catch (cause) {
    throw new SlipwayError<TestbedErrorCode>(
      {
        code: 'testbed-machine',
        message: `${name} could not be fetched from Python's registry`,
        remedy: `run \`python3 -m pip download --no-deps -r ${requirements}\`, which says why`,
      },
      { cause },
    );
  } finally {
    await lock.release();
  }
}

async function entryOf(name: string, requirements: string): Promise<string> {
  const hash = createHash('sha256')
    .update(process.arch)
    .update(await readFile(requirements));
  return `${name}-${hash.digest('hex').slice(0, 12)}`;
}

async function install(requirements: string, folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const safely = ['--no-deps', '--require-hashes', '--only-binary', ':all:', '--disable-pip-version-check'];
  await run('python3', [
    '-m',
    'pip',
    'install',
    ...safely,
    '--target',
    unfinished,
    '--requirement',
    requirements,
  ]);
  await rename(unfinished, folder);
}
