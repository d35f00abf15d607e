/**
 * What it costs to hold a pull request to the rules of its base: the bundle of policy-check on the shop (39 objects for three
 * destinations), as a push, as a pull request whose base is in the clone, with a base that is fetched, and with one from GitHub's API.
 * Rounds are interleaved. `node --conditions=slipway-source bench/base-commit.ts` prints the table of bench/results/base-commit.md.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startGitHub } from '@slipway/testbed/github';
import { createJob, runStep } from '@slipway/testbed/runner';
import { checkout, commitAll, git, pullRequest, shopRepository } from './shop-repository.ts';
import { median } from './stopwatch.ts';

const ROUNDS = 11;
const ROOT = resolve(import.meta.dirname, '..');
const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const origin = shopRepository(directory);
commitAll(origin, 'Base');
const { base, head, merge } = pullRequest(origin, () => {
  mkdirSync(join(origin, 'notes'));
  writeFileSync(join(origin, 'notes/a.md'), 'a change\n');
});
const token = { login: 'github-actions[bot]' };
const github = await startGitHub({ directory: origin, tokens: new Map([['ghs_1', token]]) });

interface Scene {
  readonly eventName: string;
  readonly depth: readonly string[];
  readonly api?: boolean;
}

const scenes: Readonly<Record<string, Scene>> = {
  'push: the checkout decides': { eventName: 'push', depth: ['--depth=1'] },
  'pull request, base in the clone': { eventName: 'pull_request', depth: [] },
  'pull request, depth 1, base fetched': { eventName: 'pull_request', depth: ['--depth=1'] },
  "pull request, depth 1, GitHub's API": { eventName: 'pull_request', depth: ['--depth=1'], api: true },
};

async function time({ eventName, depth, api = false }: Scene): Promise<number> {
  const workspace = checkout(directory, origin, merge, ...depth);
  if (api) git(workspace, 'remote', 'remove', 'origin');
  const job = createJob({
    ...{ workspace, directory, eventName, sha: merge, path: '/usr/bin:/bin' },
    event: { pull_request: { number: 1, base: { sha: base }, head: { sha: head }, user: { login: 'ada' } } },
    environment: { GITHUB_API_URL: github.apiUrl },
  });
  const rendered = await runStep(job, { action: join(ROOT, 'actions/render-stencil') });
  const inputs = { manifests: rendered.outputs['manifests'] ?? '', ...(api ? { token: 'ghs_1' } : {}) };
  const result = await runStep(job, { action: join(ROOT, 'actions/policy-check'), inputs });
  if (result.exitCode !== 0) throw new Error(result.log);
  return result.milliseconds;
}

try {
  const times = new Map(Object.keys(scenes).map(name => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, scene] of Object.entries(scenes)) times.get(name)?.push(await time(scene));
  const first = median(times.get('push: the checkout decides') ?? []);
  console.log(
    `Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, median of ${ROUNDS}\n`,
  );
  console.log('| policy-check on the shop | ms | beside a push |\n| --- | --- | --- |');
  for (const [name, values] of times)
    console.log(`| ${name} | ${median(values).toFixed(0)} | ${(median(values) / first).toFixed(2)} |`);
} finally {
  await github.stop();
  rmSync(directory, { recursive: true, force: true });
}
