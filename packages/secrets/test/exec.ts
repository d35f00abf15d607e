import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Exec, SlipwayError } from '@slipway/core';

interface Started {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: unknown;
}

/** Starts programs as the runner's boundary does, and keeps what they were started with. */
export function recordingExec(): { exec: Exec; started: Started[] } {
  const started: Started[] = [];
  const exec: Exec = async (command, args, { cwd, environment, input, onOutput } = {}) => {
    started.push({ command, args, environment });
    const child = spawn(command, args, { cwd, env: environment });
    const said: Buffer[] = [];
    child.stderr.on('data', (bytes: Buffer) => said.push(bytes));
    child.stdin.on('error', () => {});
    if (onOutput !== undefined) child.stdout.on('data', onOutput);
    child.stdin.end(input);
    const [exitCode] = (await once(child, 'close').catch(() => {
      throw new SlipwayError({ code: 'command-not-found', message: 'no such program' });
    })) as [number];
    return { exitCode, stdout: '', stderr: Buffer.concat(said).toString() };
  };
  return { exec, started };
}
