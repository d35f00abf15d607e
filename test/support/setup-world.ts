import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request as forward } from 'node:http';
import { dirname, join } from 'node:path';
import type { Setup } from '@slipway/core';
import { toolPath } from '@slipway/testbed';
import { createSealing, type GitHubDouble, type Sealing, startGitHub } from '@slipway/testbed/github';
import { type CloudProxy, startCloudProxy } from '@slipway/testkit/clouds';
import { git, repository, scratch } from '@slipway/testkit/git';
import { ROOT } from './sources.ts';

export const HOST = 'github.testbed';
const TOKEN = 'ghs_setup';
const PROGRAM = join(ROOT, 'tools/slipway.ts');
const TERMINAL = join(ROOT, 'packages/cli/test/support/terminal.py');

/** A person's machine with kubectl and GitHub's gh, and GitHub's double behind its name. */
export interface SetupWorld {
  readonly github: GitHubDouble;
  readonly sealing: Sealing;
  /** What is left in the folder for temporary files. */
  leftFiles(): string[];
  /** Each command line of kubectl and gh so far. */
  commandLines(): string;
  /** Runs the program from its sources in a checkout. */
  slipway(folder: string, args: readonly string[], more?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Runs lines in a shell, in the home of the person or in another folder. */
  shell(shell: 'bash' | 'dash', script: string, folder?: string): Promise<Ended>;
  /** Runs lines in a shell at a pseudo-terminal, where each text is typed once its prompt is on the screen. */
  terminal(folder: string, script: string, typed: readonly (readonly [string, string])[]): Promise<Ended>;
  stop(): Promise<void>;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly printed: string;
  readonly complaints: string;
}

export async function startSetupWorld(kubectl: string, kubeconfig: string): Promise<SetupWorld> {
  const sealing = await createSealing();
  const github = await startGitHub({
    directory: '/',
    sealing,
    users: new Map([['ada', 4711]]),
    tokens: new Map([[TOKEN, { login: 'ada', admin: true, members: true }]]),
  });
  const cloud = await startCloudProxy({ [HOST]: toDouble(github) });
  const home = scratch();
  const bin = await programsIn(home, { kubectl, gh: await toolPath('gh') });
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  const environment = {
    PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: home,
    TMPDIR: temporary,
    KUBECONFIG: kubeconfig,
    GH_ENTERPRISE_TOKEN: TOKEN,
    GH_HOST: HOST,
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@acme.example',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@acme.example',
    NO_PROXY: '127.0.0.1,localhost',
    ...cloud.environment,
  };
  return {
    ...{ github, sealing },
    leftFiles: () => readdirSync(temporary),
    commandLines: () => (existsSync(join(home, 'log')) ? readFileSync(join(home, 'log'), 'utf8') : ''),
    slipway: (folder, args, more = {}) =>
      run(process.execPath, ['--conditions=slipway-source', PROGRAM, ...args], folder, {
        ...environment,
        ...more,
      }),
    shell: (shell, script, folder = home) => run(shell, ['-euc', script], folder, environment),
    terminal: async (folder, script, typed) => {
      const args = [TERMINAL, JSON.stringify(typed), 'sh', '-euc', script];
      const { printed, complaints } = await run('python3', args, folder, { ...environment, TERM: 'xterm' });
      const { screen, status, left } = JSON.parse(printed) as {
        screen: string;
        status: number;
        left: number;
      };
      return { exitCode: left === 0 ? status : null, printed: screen, complaints };
    },
    stop: () => stopAll(github, cloud),
  };
}

/** The double has no TLS, and takes paths with the prefix of an Enterprise Server, which gh sends. */
function toDouble({ apiUrl }: GitHubDouble) {
  return (
    request: import('node:http').IncomingMessage,
    response: import('node:http').ServerResponse,
  ): void => {
    const url = new URL(request.url ?? '/', apiUrl);
    const sent = forward(url, { method: request.method, headers: request.headers }, answer => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(sent);
  };
}

/** Programs that note their command lines, which everyone on a machine can see. */
async function programsIn(home: string, programs: Readonly<Record<string, string>>): Promise<string> {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  for (const [name, path] of Object.entries(programs)) {
    writeFileSync(
      join(bin, name),
      `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> '${join(home, 'log')}'\nexec '${path}' "$@"\n`,
    );
    chmodSync(join(bin, name), 0o755);
  }
  symlinkSync('/usr/bin/git', join(bin, 'git'));
  return bin;
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [printed, complaints]: [string[], string[]] = [[], []];
  child.stdout.on('data', text => printed.push(String(text)));
  child.stderr.on('data', text => complaints.push(String(text)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', exitCode =>
      resolve({ exitCode, printed: printed.join(''), complaints: complaints.join('') }),
    );
  });
}

async function stopAll(github: GitHubDouble, cloud: CloudProxy): Promise<void> {
  await cloud.stop();
  await github.stop();
}

/**
 * A checkout whose formation has one destination.
 * @param spec what else the formation has
 */
export function checkoutFor(
  namespace: string,
  destination: object = { environment: namespace },
  spec: object = {},
): string {
  const folder = repository({
    'slipway.yaml': JSON.stringify({
      apiVersion: 'slipway.dev/v1',
      kind: 'Application',
      metadata: { name: 'shop' },
      spec: { registry: 'registry.example/shop', services: { api: { image: 'docker.io/library/api:1' } } },
    }),
    'formations/staging.yaml': JSON.stringify({
      apiVersion: 'slipway.dev/v1',
      kind: 'Formation',
      metadata: { name: 'staging' },
      spec: { destinations: { main: { namespace, ...destination } }, ...spec },
    }),
  });
  git(folder, 'remote', 'add', 'origin', `git@${HOST}:acme/shop.git`);
  return folder;
}

/** What became of each step, without the words after it. */
export function statesOf({ steps }: Setup): string[] {
  return steps.map(({ what, state }) => `${state} ${what.replace(/ .*/, '')}`);
}
