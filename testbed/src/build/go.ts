import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Environment } from './machine.ts';
import type { Progress } from './progress.ts';

/** The options of a build. */
export interface BuildContext {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** "[2/6] " before each line, or empty. */
  readonly prefix?: string;
}

/**
 * A compiler ends before collecting its garbage is worth the work, which is an eighth of what it does; the limit is for the few that
 * would not fit beside each other.
 */
const UNCOLLECTED = { GOGC: 'off', GOMEMLIMIT: '2GiB' };

/** Runs the go command with its output in a log file. @returns the exit status */
export async function runGo(
  go: { readonly cwd: string; readonly args: readonly string[]; readonly cgo: boolean },
  log: string,
  counted: () => void,
  context: BuildContext,
): Promise<number> {
  // GOWORK=off: a workspace file above the checkout must not change what is built. The user's GOFLAGS are kept.
  const env = {
    ...UNCOLLECTED,
    ...context.environment,
    CGO_ENABLED: go.cgo ? '1' : '0',
    GOWORK: 'off',
  };
  const signal = context.signal === undefined ? {} : { signal: context.signal };
  const child = spawn('go', go.args, { cwd: go.cwd, env, stdio: ['ignore', 'pipe', 'pipe'], ...signal });
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  createInterface({ input: child.stderr }).on('line', line => {
    file.write(`${line}\n`);
    if (!line.startsWith('go: ')) counted();
  });
  return await new Promise(resolve => {
    child.on('error', () => resolve(-1));
    child.on('close', code => file.end(() => resolve(code ?? -1)));
  });
}
