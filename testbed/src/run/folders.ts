import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SlipwayError } from '@slipway/core';
import type { Environment } from '../build/machine.ts';
import type { TestbedErrorCode } from '../error-codes.ts';
import { isAlive, type ProcessIdentity } from '../process-identity.ts';

const run = promisify(execFile);

/** Marks a folder that holds nothing but the logs of a start that failed. */
const FAILED = 'failed.json';
/** A folder that is being set up has no supervisor noted yet; one of this age was left by a crash. */
const SETUP_MILLISECONDS = 60_000;
/** How long the logs of a testbed that could not be started are kept. */
const LOGS_MILLISECONDS = 24 * 60 * 60 * 1000;
/** A Unix socket's path has at most 108 bytes, see unix(7), and BuildKit's is two levels down. */
const LONGEST_ROOT = 70;

/** The folder of all of this user's testbeds. Others cannot enter it: it holds the keys of the clusters. */
export async function runRoot(environment: Environment): Promise<string> {
  const user = process.getuid?.() ?? 0;
  const temporary = environment['TMPDIR'] || tmpdir();
  const root = join(temporary.length > LONGEST_ROOT - 30 ? '/tmp' : temporary, `slipway-testbed-${user}`);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const info = await stat(root);
  if (info.uid === user && (info.mode & 0o077) === 0) return root;
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-machine',
    message: `${root} belongs to another user or is open to others`,
    remedy: 'remove it, or set TMPDIR to a folder of your own',
  });
}

/** A new folder for one testbed; a named one can be found again, and only once. */
export async function createRunFolder(root: string, name: string | undefined): Promise<string> {
  if (name === undefined) return await mkdtemp(join(root, 'run-'));
  const folder = join(root, name);
  // The logs of a failed start have been read by the time of the next one.
  if ((await readJson(join(folder, FAILED))) !== undefined) await rm(folder, { recursive: true });
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new SlipwayError<TestbedErrorCode>({
      code: 'testbed-option',
      message: `a testbed of the name ${name} is up already`,
      remedy: `stop it with \`npm run testbed -- down --name ${name}\`, or give another --name`,
    });
  }
}

/** Keeps the logs, which the error refers to, and removes keys and data. */
export async function keepLogsOnly(folder: string): Promise<void> {
  await writeFile(join(folder, FAILED), '{}');
  for (const name of await readdir(folder)) {
    if (name === 'logs' || name === FAILED) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Ends the processes and removes the folders of testbeds whose supervisor is gone. */
export async function sweep(root: string, now: () => Date): Promise<void> {
  for (const name of await readdir(root)) {
    const folder = join(root, name);
    if (await isStale(folder, now())) await removeStale(folder);
  }
}

async function isStale(folder: string, now: Date): Promise<boolean> {
  const supervisor = await readJson<ProcessIdentity>(join(folder, 'supervisor.json'));
  if (supervisor !== undefined && (await isAlive(supervisor))) return false;
  const info = await stat(folder).catch(() => undefined);
  if (info === undefined) return false;
  const failed = await readJson<unknown>(join(folder, FAILED));
  const kept = failed === undefined ? SETUP_MILLISECONDS : LOGS_MILLISECONDS;
  return (supervisor !== undefined && failed === undefined) || now.getTime() - info.mtimeMs > kept;
}

async function removeStale(folder: string): Promise<void> {
  const processes = (await readJson<ProcessIdentity[]>(join(folder, 'processes.json'))) ?? [];
  for (const identity of processes) {
    if (await isAlive(identity)) process.kill(identity.pid, 'SIGKILL');
  }
  const cleanups = (await readJson<string[][]>(join(folder, 'cleanups.json'))) ?? [];
  for (const [command = '', ...args] of cleanups) await run(command, args).catch(() => {});
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

export async function readJson<Content>(path: string): Promise<Content | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Content;
  } catch {
    return undefined;
  }
}

/** The names of the testbeds that run and can be found by name. */
export async function listTestbeds(environment: Environment): Promise<string[]> {
  const root = await runRoot(environment);
  const names = (await readdir(root)).filter(name => !name.startsWith('run-'));
  const running = await Promise.all(
    names.map(async name => {
      const supervisor = await readJson<ProcessIdentity>(join(root, name, 'supervisor.json'));
      return supervisor !== undefined && (await isAlive(supervisor));
    }),
  );
  return names.filter((_, index) => running[index]);
}
