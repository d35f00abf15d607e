import { posix } from 'node:path';
import { type Job, jobsOf, type Permissions, type ReadWorkflow, stepsOf } from './workflow.ts';

/** A rule of GitHub's or of ours: what it finds wrong in a workflow, as sentences. */
export interface Rule {
  readonly source: string;
  find(workflow: ReadWorkflow, others: ReadonlyMap<string, ReadWorkflow>): string[];
}

const MAX_MATRIX = 256;
const MAX_DISPATCH_INPUTS = 25;
const LEVELS = ['none', 'read', 'write'];

/** Rules for every workflow, by what they say. */
export const RULES: Readonly<Record<string, Rule>> = {
  'a called job may do at most what its caller may': {
    source:
      'https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations',
    find: (workflow, others) =>
      jobsOf(workflow).flatMap(([id, job]) =>
        calledJobs(workflow, job, others).flatMap(([callee, wanted]) =>
          exceeding(wanted, job.permissions ?? workflow.permissions ?? ofCaller(workflow, wanted)).map(
            scope => `${id} does not grant ${scope} to ${callee}`,
          ),
        ),
      ),
  },
  'no secret of an environment is passed on by name, as the caller does not have it': {
    source: 'https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows',
    find: ({ on, ...workflow }) => {
      const own = Object.keys(on['workflow_call']?.secrets ?? {});
      return jobsOf({ on, ...workflow }).flatMap(([id, { uses, secrets = {} }]) =>
        uses === undefined || secrets === 'inherit'
          ? []
          : secretsIn(JSON.stringify(secrets))
              .filter(name => !own.includes(name))
              .map(name => `${id} passes on ${name}`),
      );
    },
  },
  'no secret is required for a job with an environment, which may have it': {
    source: 'https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows',
    find: workflow => {
      const required = Object.entries(workflow.on['workflow_call']?.secrets ?? {})
        .filter(([, secret]) => secret?.required === true)
        .map(([name]) => name);
      return hasEnvironment(workflow) ? required.map(name => `${name} is required`) : [];
    },
  },
  'a matrix has at most 256 jobs': {
    source: 'https://docs.github.com/en/actions/reference/limits',
    find: workflow =>
      jobsOf(workflow)
        .map(([id, { strategy }]) => [id, sizeOf(strategy?.matrix ?? {})] as const)
        .filter(([, size]) => size > MAX_MATRIX)
        .map(([id, size]) => `${id} has ${size}`),
  },
  'a person gives at most 25 inputs': {
    source:
      'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows',
    find: ({ on }) => {
      const count = Object.keys(on['workflow_dispatch']?.inputs ?? {}).length;
      return count > MAX_DISPATCH_INPUTS ? [`there are ${count}`] : [];
    },
  },
  'no concurrency group of a workflow is around an approval': {
    source: 'https://docs.github.com/en/actions/reference/limits',
    find: workflow =>
      workflow.concurrency !== undefined && hasEnvironment(workflow) ? ['the workflow has a group'] : [],
  },
  'no job that only a person starts has a concurrency group around an approval': {
    source: 'https://docs.github.com/en/actions/reference/limits',
    find: workflow =>
      Object.keys(workflow.on).join() === 'workflow_dispatch'
        ? jobsOf(workflow)
            .filter(
              ([, { environment, concurrency }]) => environment !== undefined && concurrency !== undefined,
            )
            .map(([id]) => `${id} has a group`)
        : [],
  },
  'a check that may be required runs whatever a pull request changes': {
    source:
      'https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks',
    find: ({ on }) =>
      ['pull_request', 'pull_request_target', 'merge_group'].flatMap(name =>
        (['paths', 'paths-ignore'] as const)
          .filter(field => on[name]?.[field] !== undefined)
          .map(field => `${name} has ${field}`),
      ),
  },
  'no script contains an expression': {
    source: 'https://docs.github.com/en/actions/concepts/security/script-injections',
    find: workflow =>
      stepsOf(workflow)
        .filter(({ run = '' }) => run.includes('${{'))
        .map(({ run = '' }) => run),
  },
  'no secret reaches GITHUB_ENV, from which later steps print it': {
    source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands',
    find: workflow =>
      stepsOf(workflow)
        .filter(
          ({ run = '', env = {} }) => run.includes('GITHUB_ENV') && secretsIn(JSON.stringify(env)).length > 0,
        )
        .map(({ run = '' }) => run),
  },
  'no job and no workflow gives a secret to all of its steps': {
    source: 'https://docs.github.com/en/actions/reference/security/secure-use',
    find: workflow => [
      ...secretsIn(JSON.stringify(workflow.env)).map(name => `the workflow has ${name}`),
      ...jobsOf(workflow).flatMap(([id, { env = {} }]) =>
        secretsIn(JSON.stringify(env)).map(name => `${id} has ${name}`),
      ),
    ],
  },
  'every job says what it may do, or its workflow does, or whoever calls that': {
    source:
      'https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations',
    find: workflow =>
      workflow.permissions === undefined && !isOnlyCalled(workflow.on)
        ? jobsOf(workflow)
            .filter(([, { permissions }]) => permissions === undefined)
            .map(([id]) => id)
        : [],
  },
};

/** Rules for what GitHub Enterprise Server runs too. */
export const SERVER_RULES: Readonly<Record<string, Rule>> = {
  'there are no YAML anchors': {
    source:
      'https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations',
    find: ({ text }) => text.match(/^[^#"'\n]*[ [{:,-][&*][A-Za-z][\w-]*(?=[\s,\]}]|$)/gm) ?? [],
  },
  'nothing refers to its own repository by $/': {
    source:
      'https://docs.github.com/en/enterprise-server@3.21/actions/how-tos/write-workflows/choose-what-workflows-do/find-and-customize-actions',
    find: ({ text }) => text.match(/uses: ["']?\$\/.*/g) ?? [],
  },
  'no group has a queue': {
    source:
      'https://github.blog/changelog/2026-05-07-github-actions-concurrency-groups-now-allow-larger-queues',
    find: ({ text }) => text.match(/\bqueue: \w+/g) ?? [],
  },
  'no environment does without a deployment': {
    source: 'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax',
    find: ({ text }) => text.match(/\bdeployment: false/g) ?? [],
  },
  'a workflow that is called calls only workflows that call none': {
    source:
      'https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations',
    find: (workflow, others) =>
      jobsOf(workflow)
        .flatMap(([, job]) => calledWorkflow(workflow, job, others) ?? [])
        .filter(called => jobsOf(called).some(([, { uses }]) => uses !== undefined))
        .map(({ path }) => `${path} calls another`),
  },
};

/** Rules for workflows that are run as they are; pages show shorter ones. */
export const RUN_RULES: Readonly<Record<string, Rule>> = {
  'what a step takes from an earlier job is refused if GitHub dropped it, and not left out': {
    source: 'https://github.com/actions/runner/blob/v2.330.0/src/Runner.Worker/JobExtension.cs',
    find: workflow =>
      jobsOf(workflow).flatMap(([id, { with: inputs = {}, strategy, steps = [] }]) => [
        ...withoutRefusal(inputs).map(name => `${id} passes on ${name}`),
        ...withoutRefusal({ matrix: JSON.stringify(strategy ?? {}) }).map(
          name => `${id} has a ${name} of one`,
        ),
        ...steps
          .flatMap(({ with: given = {} }) => withoutRefusal(given))
          .map(name => `a step of ${id} has ${name}`),
      ]),
  },
};

/** Where an earlier job's output, or the digest in a matrix of one, is taken as it is. A later wave begins only after the first had them. */
function withoutRefusal(inputs: Readonly<Record<string, string>>): string[] {
  return Object.entries(inputs)
    .filter(([, value]) => /\bneeds\.\S+\.outputs\.|\bmatrix\.digest\b/.test(String(value)))
    .filter(([, value]) => !/dropped-by-github/.test(String(value)) && !/\)\[[1-9]\d*\]/.test(String(value)))
    .map(([name]) => name);
}

/** What rules find wrong in some workflows, each with its file. */
export function broken(
  workflows: ReadonlyMap<string, ReadWorkflow>,
  rules: Readonly<Record<string, Rule>>,
): string[] {
  return [...workflows.values()].flatMap(workflow =>
    Object.entries(rules).flatMap(([says, rule]) =>
      rule.find(workflow, workflows).map(found => `${workflow.path}: ${says}, but ${found}`),
    ),
  );
}

/** The names of secrets in a text, other than the job's own token. */
function secretsIn(text: string): string[] {
  return [...text.matchAll(/\bsecrets\.([\w-]+)/g)]
    .map(([, name = '']) => name)
    .filter(name => name !== 'GITHUB_TOKEN');
}

function hasEnvironment(workflow: ReadWorkflow): boolean {
  return jobsOf(workflow).some(([, { environment }]) => environment !== undefined);
}

function calledWorkflow(
  { path }: ReadWorkflow,
  { uses }: Job,
  others: ReadonlyMap<string, ReadWorkflow>,
): ReadWorkflow | undefined {
  if (uses === undefined || !/^[.$]\//.test(uses)) return undefined;
  return others.get(posix.join(posix.dirname(path), posix.basename(uses)));
}

/** The permissions that the jobs of a called workflow ask for. */
function calledJobs(
  workflow: ReadWorkflow,
  job: Job,
  others: ReadonlyMap<string, ReadWorkflow>,
): [id: string, Permissions][] {
  const called = calledWorkflow(workflow, job, others);
  if (called === undefined) return [];
  return jobsOf(called).map(([id, { permissions }]) => [id, permissions ?? called.permissions ?? {}]);
}

/** A job that does not say what it may do may do what the caller of its workflow grants, whatever that is. */
function ofCaller({ on }: ReadWorkflow, wanted: Permissions): Permissions | undefined {
  return isOnlyCalled(on) ? wanted : undefined;
}

function isOnlyCalled(on: ReadWorkflow['on']): boolean {
  return Object.keys(on).join() === 'workflow_call';
}

function exceeding(wanted: Permissions, granted: Permissions | undefined): string[] {
  if (typeof wanted === 'string') return wanted === granted ? [] : [wanted];
  const level = (scope: string): string =>
    typeof granted === 'string' ? granted.replace('-all', '') : (granted?.[scope] ?? 'none');
  return Object.entries(wanted)
    .filter(([scope, access]) => LEVELS.indexOf(access) > LEVELS.indexOf(level(scope)))
    .map(([scope, access]) => `${scope}: ${access}`);
}

/** How many jobs a matrix has, as far as it is written: lists in expressions are counted, the outputs of other jobs are not. */
function sizeOf(matrix: Readonly<Record<string, unknown>>): number {
  const { include, exclude: _, ...axes } = matrix;
  const product = Object.values(axes).reduce((size: number, axis) => size * longest(axis), 1);
  return Math.max(Object.keys(axes).length === 0 ? 0 : product, longest(include));
}

function longest(list: unknown): number {
  if (Array.isArray(list)) return list.length;
  const tables = [...String(list ?? '').matchAll(/fromJSON\('(.*?)'\)/gs)].map(
    ([, json = '']) => JSON.parse(json) as object,
  );
  return Math.max(
    1,
    ...tables.flatMap(table => Object.values(table)).map(value => (Array.isArray(value) ? value.length : 1)),
  );
}
