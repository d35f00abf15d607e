import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Exec, SlipwayError } from '@slipway/core';

/** Starts `sops` as the runner's boundary does, and keeps what it was started with. */
export function recordingExec(program: string): { exec: Exec; started: unknown[] } {
  const started: unknown[] = [];
  const exec: Exec = async (command, args, { cwd, environment, input, onOutput } = {}) => {
    started.push({ command, args, environment });
    const child = spawn(program, args, { cwd, env: environment, stdio: ['pipe', 'pipe', 'ignore'] });
    if (onOutput !== undefined) child.stdout.on('data', onOutput);
    child.stdin.end(input);
    const [exitCode] = (await once(child, 'close').catch(() => {
      throw new SlipwayError({ code: 'command-not-found', message: 'no such program' });
    })) as [number];
    return { exitCode, stdout: '', stderr: '' };
  };
  return { exec, started };
}
