import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity, processIdentity } from '../process-identity.ts';

const POLL_MILLISECONDS = 500;

/** A lock that this process holds. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes a lock file for this process, and waits while another process holds it. The file of a process that has ended is taken
 * over; `waiting` is called once, with the holder's process id, before it waits.
 */
export async function takeLock(
  path: string,
  waiting: (pid: number) => void,
  signal?: AbortSignal,
): Promise<Lock> {
  const own = JSON.stringify(await processIdentity(process.pid));
  let told = false;
  for (;;) {
    if (await create(path, own)) return { release: () => rm(path, { force: true }) };
    const holder = await readHolder(path);
    if (holder !== undefined && !(await isAlive(holder))) {
      await breakLock(path, holder);
      continue;
    }
    if (!told && holder !== undefined) waiting(holder.pid);
    told = true;
    await sleep(POLL_MILLISECONDS, undefined, signal === undefined ? {} : { signal });
  }
}

async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity;
  } catch {
    // It was just released, or has been created and not yet written.
    return undefined;
  }
}

/** The file is renamed first, so that only one of two processes removes it, and neither removes a new lock. */
async function breakLock(path: string, holder: ProcessIdentity): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    const moved = await readHolder(aside);
    if (moved !== undefined && moved.pid !== holder.pid) await rename(aside, path);
    else await rm(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
