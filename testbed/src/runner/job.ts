import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Variables = Readonly<Record<string, string>>;

export interface JobOptions {
  /** The checkout. */
  readonly workspace: string;
  /** An existing folder, in which the job creates its own. */
  readonly directory: string;
  /** The commit; forty zeros by default. */
  readonly sha?: string;
  readonly repository?: string;
  readonly ref?: string;
  readonly actor?: string;
  readonly eventName?: string;
  readonly event?: unknown;
  /** In addition to the variables of a runner: KUBECONFIG, DOCKER_CONFIG, BUILDKIT_HOST … */
  readonly environment?: Variables;
  /** The PATH on which steps find programs, those of the testbed first. */
  readonly path: string;
}

/** Where Node keeps compiled code for all jobs, if the tests were started with such a folder; each job has its own otherwise. */
function sharedCache(): Variables {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

/** One job on a runner: its folders, and the environment that each of its steps begins with. */
export interface Job {
  readonly workspace: string;
  readonly directory: string;
  readonly environment: Variables;
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
export function createJob(options: JobOptions): Job {
  const directory = mkdtempSync(join(options.directory, 'job-'));
  const [home, temporary] = [join(directory, 'home'), join(directory, 'temp')];
  mkdirSync(home);
  mkdirSync(temporary);
  const event = join(directory, 'event.json');
  const repository = options.repository ?? 'acme/shop';
  writeFileSync(event, JSON.stringify(options.event ?? { repository: { full_name: repository } }));
  const ref = options.ref ?? 'refs/heads/main';
  const environment = {
    // Only what a runner has: a step must not depend on the shell that started the tests.
    PATH: options.path,
    HOME: home,
    LANG: 'C.UTF-8',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: options.workspace,
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_OWNER: repository.replace(/\/.*$/, ''),
    GITHUB_SHA: options.sha ?? '0'.repeat(40),
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/[a-z]+\//, ''),
    GITHUB_ACTOR: options.actor ?? 'ada',
    GITHUB_EVENT_NAME: options.eventName ?? 'push',
    GITHUB_EVENT_PATH: event,
    GITHUB_RUN_ID: '1001',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'pipeline',
    GITHUB_WORKFLOW: 'Release',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'https://api.github.com',
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_TEMP: temporary,
    RUNNER_TOOL_CACHE: join(directory, 'tools'),
    ...sharedCache(),
    ...options.environment,
  };
  return { workspace: options.workspace, directory, environment };
}
