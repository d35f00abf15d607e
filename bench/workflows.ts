/**
 * Jobs, their seconds and the minutes that GitHub would bill for a push of the shop to staging, one destination, and for a promotion in two
 * waves: with the workflows that the command writes, with pipeline.yml and promote.yml called, and with those that were written by hand
 * before. act runs the steps on the testbed. What GitHub adds to each job is not measured: the start of the machine, the download of the
 * actions, the checkout over the network, the login. `npm run bench -- workflows`; bench/results/workflows.md keeps the tables.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { runWorkflow, useLocalActions, type WorkflowRun } from '../test/support/act.ts';
import { openShop } from '../test/support/shop-under-act.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** The last commit in which the shop's workflows were written by hand. */
const BY_HAND = '7d94afe';
const MINUTE = 60;

interface Way {
  readonly name: string;
  /** Writes the workflows into a repository; its release.yml and promote.yml are started. */
  prepare(repository: string): Promise<void>;
}

const CALLERS = {
  'release.yml': caller('push', 'pipeline.yml', 'formation: staging', 'STAGING'),
  'promote.yml': caller('workflow_dispatch', 'deliver.yml', 'from: staging, to: production', 'PRODUCTION'),
};

const WAYS: readonly Way[] = [
  {
    name: 'by hand, 7d94afe',
    async prepare(repository) {
      replaceWorkflows(repository, {
        'release.yml': writtenBefore('release.yml'),
        'promote.yml': writtenBefore('promote.yml'),
      });
      await useLocalActions(repository);
    },
  },
  {
    name: 'pipeline.yml and promote.yml, called',
    async prepare(repository) {
      replaceWorkflows(repository, {});
      await useLocalActions(repository, ['pipeline.yml', 'promote.yml']);
      const folder = join(repository, '.github/workflows');
      execFileSync('mv', [join(folder, 'promote.yml'), join(folder, 'deliver.yml')]);
      for (const [name, text] of Object.entries(CALLERS)) writeFileSync(join(folder, name), text);
    },
  },
  { name: 'own files', prepare: useLocalActions },
];

function caller(event: string, workflow: string, inputs: string, prefix: string): string {
  const secret = `${prefix}_DATABASE_PASSWORD`;
  return `on: ${event}
permissions: { contents: read, packages: write, pull-requests: read }
jobs:
  deliver:
    uses: ./.github/workflows/${workflow}
    with: { ${inputs}, allowed-secrets: env=${secret} }
    secrets:
      kubeconfig: \${{ secrets.KUBECONFIG }}
      environment: ${secret}=\${{ secrets.${secret} }}
`;
}

function writtenBefore(name: string): string {
  const path = `${BY_HAND}:examples/shop/.github/workflows/${name}`;
  return execFileSync('git', ['-C', ROOT, 'show', path], { encoding: 'utf8' });
}

function replaceWorkflows(repository: string, files: Readonly<Record<string, string>>): void {
  const folder = join(repository, '.github/workflows');
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Only jobs that ran are billed, each rounded up: https://docs.github.com/en/billing/reference/actions-runner-pricing */
function row(way: string, what: string, { jobs, seconds, exitCode, log }: WorkflowRun): string {
  if (exitCode !== 0) throw new Error(`${way}, ${what}:\n${log}`);
  const ran = seconds.filter((_, at) => jobs[at]?.result === 'success');
  const sum = ran.reduce((total, one) => total + one, 0);
  const billed = (fixed: number): number =>
    ran.reduce((total, one) => total + Math.ceil((one + fixed) / MINUTE), 0);
  const cells = [...[way, what, ran.length, sum, Math.max(...ran)], ...[billed(0), billed(15), billed(30)]];
  return `| ${cells.join(' | ')} |`;
}

const HEAD = ['way', 'run', 'jobs', 'seconds of all', 'of the longest'];
const BILLED = [0, 15, 30].map(fixed => `billed minutes at ${fixed} s per job`);
console.log(`| ${[...HEAD, ...BILLED].join(' | ')} |\n|${'---|'.repeat(HEAD.length + BILLED.length)}`);
for (const { name, prepare } of WAYS) {
  const { stage, options } = await openShop(prepare);
  try {
    const push = await runWorkflow({ ...options, file: 'release.yml', event: 'push' });
    console.log(row(name, 'push to staging', push));
    const promotion = { ...options, file: 'promote.yml', event: 'workflow_dispatch' } as const;
    const payload = { inputs: { reason: 'the shop opens' } };
    console.log(row(name, 'promotion in two waves', await runWorkflow({ ...promotion, payload })));
  } finally {
    await stage.testbed.stop();
  }
}
console.log(
  `\nNode ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}.`,
);
