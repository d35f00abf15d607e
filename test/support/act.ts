import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { toolPath } from '@slipway/testbed';
import { copyActions } from '@slipway/testbed/runner';
import { ROOT } from './sources.ts';
import { pinnedWorkflows } from './workflows/released.ts';

/** A line of what act reports about a run. */
interface ActLine {
  readonly jobID?: string;
  readonly job?: string;
  readonly jobResult?: string;
  readonly matrix?: Readonly<Record<string, string>>;
  readonly stepID?: readonly string[];
  readonly msg: string;
  /** RFC 3339. */
  readonly time?: string;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
}

export interface WorkflowRun {
  readonly exitCode: number;
  /** In the order in which they ended; a job of a matrix appears once for each of its legs. */
  readonly jobs: readonly { readonly id: string; readonly destination?: string; readonly result: string }[];
  /** Outputs of a step of a job, by their names. */
  outputs(job: string, step: string): Readonly<Record<string, string>>;
  readonly summary: string;
  readonly log: string;
  /** Seconds from the first line of a job to its last, in the order in which they ended. */
  readonly seconds: readonly number[];
}

export interface WorkflowOptions {
  readonly repository: string;
  /** .github/workflows/<file> */
  readonly file: string;
  readonly event: 'push' | 'workflow_dispatch' | 'pull_request' | 'pull_request_target' | 'schedule';
  /** The payload of the event. */
  readonly payload?: object;
  readonly secrets: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly path: string;
  /** A folder for act's own files. */
  readonly home: string;
}

/**
 * Makes a repository's workflows use the actions of this checkout, and the named reusable workflows in the form that releases carry: it
 * copies them beside the workflows, and takes out of the files `uses:` of the published ones, the login to a registry that asks for none,
 * `queue`, which act does not know, and uploads and the issue of a status, which need GitHub.
 */
export async function useLocalActions(repository: string, workflows: readonly string[] = []): Promise<void> {
  copyActions(ROOT, repository);
  const folder = join(repository, '.github/workflows');
  const released = workflows.length === 0 ? undefined : pinnedWorkflows().workflows;
  for (const name of workflows)
    await writeFile(join(folder, name), released?.get(`.github/workflows/${name}`)?.text ?? '');
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), 'utf8');
    await writeFile(join(folder, file), withLocalActions(text));
  }
}

function withLocalActions(workflow: string): string {
  return workflow
    .replaceAll(/slipway-dev\/slipway\/(actions\/[a-z-]+)@v1/g, './$1')
    .replaceAll('slipway-dev/slipway@v1', './')
    .replaceAll(/slipway-dev\/slipway\/(\S+)@[0-9a-f]{40}/g, './$1')
    .replaceAll(/^ *- name: Log in to the registry\n(?: +(?:run|env):.*\n)+/gm, '')
    .replaceAll(/^ *- run: printenv TOKEN \| docker login .*\n +env: .*\n/gm, '')
    .replaceAll(/^ +issue: attention\n/gm, '')
    .replaceAll(', queue: max', '')
    .replaceAll(/^ *- if: .*\n +uses: actions\/upload-artifact@.*\n(?: {8}.*\n)+/gm, '');
}

/** Runs a workflow on this machine, under Node 24, as `act` does. */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowRun> {
  await mkdir(options.home, { recursive: true });
  const secrets = join(options.home, 'secrets.env');
  const payload = join(options.home, 'event.json');
  await writeFile(payload, JSON.stringify(options.payload ?? {}));
  await writeFile(secrets, stringifyVariables(options.secrets), { mode: 0o600 });
  const child = spawn(
    await toolPath('act'),
    [
      options.event,
      ...['--workflows', `.github/workflows/${options.file}`],
      ...['--platform', 'ubuntu-latest=-self-hosted'],
      ...['--secret-file', secrets],
      ...(options.payload === undefined ? [] : ['--eventpath', payload]),
      ...Object.entries(options.environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      '--json',
    ],
    {
      cwd: options.repository,
      env: { PATH: [dirname(process.execPath), options.path].join(':'), HOME: options.home, CI: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: ActLine[] = [];
  const take = (line: string): void => {
    lines.push(line.startsWith('{') ? (JSON.parse(line) as ActLine) : { msg: `${line}\n` });
  };
  createInterface({ input: child.stdout }).on('line', take);
  createInterface({ input: child.stderr }).on('line', take);
  const exitCode = await new Promise<number>((done, fail) => {
    child.on('error', fail);
    child.on('close', code => done(code ?? 1));
  });
  return summarise(exitCode, lines);
}

function summarise(exitCode: number, lines: readonly ActLine[]): WorkflowRun {
  return {
    exitCode,
    jobs: lines
      .filter(({ jobResult }) => jobResult !== undefined)
      .map(({ jobID: id = '', jobResult: result = '', matrix }) => ({
        id,
        result,
        ...(matrix?.['destination'] === undefined ? {} : { destination: matrix['destination'] }),
      })),
    outputs: (job, step) =>
      Object.fromEntries(
        lines
          .filter(
            ({ jobID, stepID, command }) =>
              jobID === job && stepID?.includes(step) && command === 'set-output',
          )
          .map(({ name = '', arg = '' }) => [name, arg]),
      ),
    seconds: secondsOf(lines),
    summary: lines.map(({ command, content = '' }) => (command === 'summary' ? content : '')).join('\n'),
    log: lines.map(({ msg }) => msg.replace(/\n?$/, '\n')).join(''),
  };
}

/** A leg of a matrix is a job of its own, and its lines name it. */
function secondsOf(lines: readonly ActLine[]): number[] {
  const name = ({ jobID, job, matrix }: ActLine): string => JSON.stringify([jobID, job, matrix]);
  return lines
    .filter(({ jobResult }) => jobResult !== undefined)
    .map(end => {
      const first = lines.find(line => name(line) === name(end));
      return (Date.parse(end.time ?? '') - Date.parse(first?.time ?? '')) / 1000;
    });
}

/** In a file of variables a value in double quotes may have several lines. */
function stringifyVariables(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join('');
}
