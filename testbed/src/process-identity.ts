import { readFile } from 'node:fs/promises';

/** A process by its id and start time, since an id alone is reused. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since the machine started: field 22 of /proc/<pid>/stat, see proc_pid_stat(5). */
  readonly started: string;
}

/** The identity of a process that runs, or undefined. A zombie has ended. */
export async function processIdentity(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, and may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await processIdentity(identity.pid))?.started === identity.started;
}
