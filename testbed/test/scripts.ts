import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const STARTER = fileURLToPath(new URL('./starter.ts', import.meta.url));
export const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

/** Runs a script of the testbed in a process of its own. */
export function runScript(script: string, args: readonly string[]): ChildProcess {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return spawn(process.execPath, ['--conditions=slipway-source', script, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What the pattern's group finds in the first line of a script's output that has it. */
export async function firstLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (child.stdout === null) throw new Error('the child has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, found] = pattern.exec(line) ?? [];
    if (found !== undefined) return found;
  }
  throw new Error('the child ended without a word');
}
