import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts the time of ended processes in hundredths of a second. */
const TICK = 10;

/**
 * CPU time that the processes started by this one have used so far, in milliseconds; those that have ended included. Unlike time on a
 * clock it hardly depends on what else the machine does.
 */
export function cpuOfChildren(): number {
  return childrenOf('self').reduce((sum, pid) => sum + cpuOf(pid), endedChildrenOf('self'));
}

/** A process that ends meanwhile counts as nothing, as it is about to be counted with the ended ones. */
function cpuOf(pid: string): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const times = threads.map(thread => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'));
    return times.reduce((sum, text) => sum + Number.parseInt(text, 10) / 1e6, endedChildrenOf(pid));
  } catch {
    return 0;
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: cutime and cstime, counted behind the name in parentheses. */
function endedChildrenOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK;
}

/** CPU time that the programs of these names below this process have used so far, in milliseconds, whoever started them. */
export function cpuOfPrograms(names: readonly string[]): number {
  return descendants('self')
    .filter(pid => names.includes(nameOf(pid)))
    .reduce((sum, pid) => sum + cpuOf(pid), 0);
}

function descendants(pid: string): string[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendants)];
}

function childrenOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap(thread =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
    );
  } catch {
    return [];
  }
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
