import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { readActionFile } from './action-file.ts';
import { parseCommandFile } from './command-files.ts';
import type { Job } from './job.ts';
import { type ShownAnnotation, StepLog } from './workflow-commands.ts';

export interface StepOptions {
  /** The folder with the action.yml. */
  readonly action: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** The step's own `env:`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Cancels the step, as a user does on the page of the run; the reason `SIGKILL` kills it, as a runner does after a while. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** Runs the action's `post` with the state from an earlier result of the same step. */
  readonly postOf?: StepResult;
}

export interface StepResult {
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The visible part of the log. */
  readonly log: string;
  /** Everything that the process wrote, except its masks, for tests that look for secrets. */
  readonly raw: string;
  readonly annotations: readonly ShownAnnotation[];
  readonly milliseconds: number;
}

/** Runs an action as a runner does: its bundle, under Node 24, with inputs, files and an event, and without the caller's environment. */
export async function runStep(job: Job, options: StepOptions): Promise<StepResult> {
  const folder = resolve(options.action);
  const action = readActionFile(join(folder, 'action.yml'));
  const entry = options.postOf === undefined ? action.runs.main : action.runs.post;
  if (entry === undefined) throw new Error(`${options.action} has no post step`);
  const files = commandFiles(job);
  const log = new StepLog();
  const raw: string[] = [];
  const started = performance.now();
  const child = spawn(process.execPath, [join(folder, entry)], {
    cwd: job.workspace,
    env: {
      ...job.environment,
      ...options.environment,
      ...files,
      GITHUB_ACTION_PATH: folder,
      ...inputVariables(action.inputs, options.inputs ?? {}),
      ...stateVariables(options.postOf),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const cancel = () => child.kill(options.signal?.reason === 'SIGKILL' ? 'SIGKILL' : 'SIGINT');
  options.signal?.addEventListener('abort', cancel);
  const take = (line: string): void => {
    if (!line.startsWith('::add-mask::')) raw.push(line);
    const shown = log.take(line);
    if (shown !== undefined) options.onLine?.(shown);
  };
  createInterface({ input: child.stdout }).on('line', take);
  createInterface({ input: child.stderr }).on('line', take);
  const exitCode = await new Promise<number>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => done(code ?? (signal === null ? 1 : 130)));
  });
  options.signal?.removeEventListener('abort', cancel);
  return {
    exitCode,
    outputs: parseCommandFile(readFileSync(files.GITHUB_OUTPUT, 'utf8')),
    state: parseCommandFile(readFileSync(files.GITHUB_STATE, 'utf8')),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    log: log.lines.join('\n'),
    raw: raw.join('\n'),
    annotations: log.annotations,
    milliseconds: performance.now() - started,
  };
}

function commandFiles(job: Job) {
  const directory = mkdtempSync(join(job.directory, 'step-'));
  const file = (name: string): string => {
    const path = join(directory, name);
    if (!existsSync(path)) writeFileSync(path, '');
    return path;
  };
  return {
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary.md'),
    GITHUB_ENV: file('env'),
    GITHUB_PATH: file('path'),
    GITHUB_STATE: file('state'),
  };
}

/** Defaults of the action.yml included, as they reach an action only through the runner. Expressions in them are empty here. */
function inputVariables(
  declared: Readonly<Record<string, { readonly default?: string }>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const unknown = Object.keys(given).filter(name => !Object.hasOwn(declared, name));
  if (unknown.length > 0) throw new Error(`the action.yml declares no input ${unknown.join(', ')}`);
  const variables: Record<string, string> = {};
  for (const [name, { default: preset }] of Object.entries(declared)) {
    const fallback = String(preset ?? '');
    const value = given[name] ?? (fallback.includes('${{') ? '' : fallback);
    variables[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = value;
  }
  return variables;
}

function stateVariables(earlier: StepResult | undefined): Record<string, string> {
  const entries = Object.entries(earlier?.state ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [`STATE_${name}`, value]));
}
