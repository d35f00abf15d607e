import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface Measurement {
  readonly milliseconds: number;
  /** Most memory that the process held at once, in MB; only where it was asked for. */
  readonly megabytes: number;
}

/** Runs a program to its end. @throws Error with what it said, unless it succeeded */
export async function runProgram(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Measurement> {
  const started = performance.now();
  const child = spawn(command, args, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text;
  });
  let megabytes = 0;
  let isRunning = true;
  const ended = new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  const watching = (async () => {
    while (isRunning) {
      megabytes = Math.max(megabytes, peakOf(child.pid));
      await delay(20);
    }
  })();
  const code = await ended;
  const milliseconds = performance.now() - started;
  isRunning = false;
  await watching;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${said}`);
  return { milliseconds, megabytes };
}

/** The high-water mark of a process that runs; 0 once it is gone. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
