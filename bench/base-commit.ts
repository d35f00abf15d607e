/**
 * What it costs to hold a pull request to the rules of its base: the bundle of policy-check on the shop (39 objects for three
 * destinations), as a push, as a pull request whose base is in the clone, with a base that is fetched, and with one from GitHub's API.
 * Rounds are interleaved. `node --conditions=slipway-source bench/base-commit.ts` prints the table of bench/results/base-commit.md.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startGitHub } from '@slipway/testbed/github';
import { createJob, runStep } from '@slipway/testbed/runner';

const ROUNDS = 11;
const ROOT = resolve(import.meta.dirname, '..');
const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const origin = join(directory, 'origin');
const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8' }).trim();
}

function commitAll(message: string): string {
  git(origin, 'add', '--all');
  git(origin, 'commit', '--quiet', '--message', message);
  return git(origin, 'rev-parse', 'HEAD');
}

function checkout(commit: string, depth: readonly string[]): string {
  const folder = mkdtempSync(join(directory, 'checkout-'));
  git(folder, 'init', '--quiet');
  git(folder, 'remote', 'add', 'origin', `file://${origin}`);
  git(folder, 'fetch', '--quiet', ...depth, 'origin', commit);
  git(folder, 'checkout', '--quiet', commit);
  return folder;
}

cpSync(join(ROOT, 'examples/shop'), origin, { recursive: true });
git(origin, 'init', '--quiet', '--initial-branch=main');
git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
const base = commitAll('Base');
git(origin, 'checkout', '--quiet', '-b', 'change');
mkdirSync(join(origin, 'notes'));
writeFileSync(join(origin, 'notes/a.md'), 'a change\n');
const head = commitAll('Head');
git(origin, 'checkout', '--quiet', 'main');
git(origin, 'merge', '--quiet', '--no-ff', '--message', 'Merge', head);
const merge = git(origin, 'rev-parse', 'HEAD');
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
  const workspace = checkout(merge, depth);
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

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

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
