import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The command lines of all processes that have a text, such as a testbed's folder, in theirs. */
export async function processesWith(text: string): Promise<string[]> {
  const numbers = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(
    numbers.map(async pid => await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.map(line => line.replaceAll('\0', ' ')).filter(line => line.includes(text));
}

/** Asks again until the answer is true; after the given time the last answer counts. */
export async function eventually(ask: () => Promise<boolean>, milliseconds = 300_000): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    if (await ask()) return true;
    await sleep(100);
  }
  return await ask();
}
