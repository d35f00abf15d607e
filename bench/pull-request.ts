/**
 * What the action pull-request costs on a pull request of the shop, beside the two steps that checked it before (render-stencil and
 * policy-check), by the bundles; and how much it asks of GitHub and writes into its comment, with the shop's own formations and with
 * thirty more; and the same with what last passed everywhere, read from the testbed's registry. Rounds are interleaved. `npm run bench -- pull-request [rounds]` prints the tables of bench/results/pull-request.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRegistryClient, pushSnapshot, pushVerdict } from '@slipway/registry';
import { startTestbed } from '@slipway/testbed';
import { startGitHub } from '@slipway/testbed/github';
import { createJob, type Job, runStep } from '@slipway/testbed/runner';
import { startProxy } from '../testkit/src/registry/proxy.ts';
import { cpuOfChildren } from './cpu-time.ts';
import { checkout, commitAll, pullRequest, shopRepository } from './shop-repository.ts';
import { median } from './stopwatch.ts';

const [ROUNDS = '9'] = process.argv.slice(2);
const ROOT = resolve(import.meta.dirname, '..');
const ACTIONS = join(ROOT, 'actions');
const TOKEN = { login: 'github-actions[bot]', comments: 'write', statuses: 'write' } as const;

const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));

/** The shop with more formations, and a change as they usually are: one value of the config, and the size of a workload. */
function shopWithChange(more: number) {
  const origin = shopRepository(directory);
  const write = (path: string, text: string): void => writeFileSync(join(origin, path), text);
  for (let number = 1; number <= more; number++)
    write(
      `formations/region-${number}.yaml`,
      `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: region-${number} }
spec:
  extends: production
  destinations: { main: { namespace: region-${number} } }
`,
    );
  const passed = commitAll(origin, 'What passed');
  const edit = (path: string, before: string, after: string): void =>
    write(path, readFileSync(join(origin, path), 'utf8').replace(before, after));
  edit('config/shop.yaml', 'page-size: 24', 'page-size: 26');
  commitAll(origin, 'Base');
  const commits = pullRequest(origin, () => {
    edit('config/shop.yaml', 'page-size: 26', 'page-size: 30');
    edit('stencils/api.yaml', 'replicas: 2', 'replicas: 3');
  });
  return { origin, commits, passed, more };
}

type Shop = ReturnType<typeof shopWithChange>;

const testbed = await startTestbed({ parts: ['registry'] });
const proxy = await startProxy(testbed.registry?.address ?? '');

/** Writes that the commit before the base passed at every destination. @returns the registry */
async function passedEverywhere({ passed, more }: Shop): Promise<string> {
  const registry = `${proxy.address}/with-${more}-more/shop`;
  const client = createRegistryClient({});
  const time = new Date().toISOString();
  const about = { apiVersion: 'slipway.dev/v1', application: 'shop', deploymentTag: 'v1' } as const;
  const snapshot = { ...about, kind: 'Snapshot', created: time, registry, images: {} } as const;
  await pushSnapshot(client, snapshot);
  const regions = Array.from({ length: more }, (_, index) => [`region-${index + 1}`, 'main'] as const);
  const targets = [['staging', 'main'], ['production', 'eu'], ['production', 'us'], ...regions] as const;
  for (const [formation, destination] of targets)
    await pushVerdict(client, snapshot, {
      ...{ ...about, kind: 'Verdict', verdict: 'succeeded', formation, destination, namespace: 'shop' },
      ...{ started: time, finished: time, summary: '', objects: [], configRevision: passed },
    });
  return registry;
}

function jobFor({ origin, commits }: Shop, apiUrl: string): Job {
  return createJob({
    workspace: checkout(directory, origin, commits.merge, '--depth=1'),
    directory: mkdtempSync(join(directory, 'job-')),
    ...{ eventName: 'pull_request', sha: commits.merge, path: '/usr/bin:/bin' },
    event: {
      pull_request: {
        number: 1,
        base: { sha: commits.base, ref: 'main' },
        head: { sha: commits.head, repo: { full_name: 'acme/shop' } },
        user: { login: 'ada' },
      },
    },
    environment: { GITHUB_API_URL: apiUrl },
  });
}

async function step(job: Job, name: string, inputs: Readonly<Record<string, string>>) {
  const result = await runStep(job, { action: join(ACTIONS, name), inputs });
  if (result.exitCode !== 0) throw new Error(result.log);
  return result;
}

const shop = shopWithChange(0);
const registry = await passedEverywhere(shop);

const WAYS: Readonly<Record<string, (job: Job) => Promise<unknown>>> = {
  'render-stencil, policy-check': async job => {
    const { outputs } = await step(job, 'render-stencil', {});
    await step(job, 'policy-check', {
      manifests: outputs['manifests'] ?? '',
      token: 'ghs_1',
      comment: 'true',
    });
  },
  'pull-request': job => step(job, 'pull-request', { token: 'ghs_1' }),
  'pull-request with registry': job => step(job, 'pull-request', { token: 'ghs_1', registry }),
};

async function measured(shop: Shop, work: (job: Job) => Promise<unknown>) {
  const github = await startGitHub({ directory: shop.origin, tokens: new Map([['ghs_1', TOKEN]]) });
  try {
    const job = jobFor(shop, github.apiUrl);
    const started = [performance.now(), cpuOfChildren()] as const;
    await work(job);
    const took = [performance.now() - started[0], cpuOfChildren() - started[1]] as const;
    return { took, requests: github.requests.length, comment: github.state.comments[0]?.body ?? '' };
  } finally {
    await github.stop();
  }
}

const times = Object.fromEntries(Object.keys(WAYS).map(name => [name, [] as (readonly [number, number])[]]));
for (let round = 0; round < Number(ROUNDS); round++)
  for (const [name, work] of Object.entries(WAYS)) times[name]?.push((await measured(shop, work)).took);
console.log(`${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}, median of ${ROUNDS} rounds\n`);
console.log('| steps | clock, ms | CPU, ms |\n| --- | --- | --- |');
for (const [name, took] of Object.entries(times))
  console.log(
    `| ${name} | ${[0, 1].map(index => Math.round(median(took.map(pair => pair[index] ?? 0)))).join(' | ')} |`,
  );
console.log(
  '\n| formations | destinations | registry | requests to GitHub | to the registry | bytes of the comment |\n| --- | --- | --- | --- | --- | --- |',
);
for (const more of [0, 30]) {
  const of = more === 0 ? shop : shopWithChange(more);
  const known = more === 0 ? registry : await passedEverywhere(of);
  for (const input of ['', known]) {
    proxy.seen.length = 0;
    const { requests, comment } = await measured(of, job =>
      step(job, 'pull-request', { token: 'ghs_1', registry: input }),
    );
    const cells = [2 + more, 3 + more, input === '' ? '' : 'yes', requests, proxy.seen.length];
    console.log(`| ${cells.join(' | ')} | ${Buffer.byteLength(comment)} |`);
  }
}
await proxy.close();
await testbed.stop();
rmSync(directory, { recursive: true, force: true });
