/**
 * deploy beside `kubectl apply --server-side`, `kubectl diff --server-side` and `helm upgrade` on 1,000 mixed objects of a real API
 * server, and how its time and memory grow up to 10,000 objects. bench/results/ keeps the tables. `--without-growth` leaves the
 * second part out; `--again` plays only what a second deploy takes, beside `kubectl apply`, in more rounds.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startTestbed, toolPath } from '@slipway/testbed';
import { createJob, runStep } from '@slipway/testbed/runner';
import { type ManyObjects, writeManyObjects } from './many-objects.ts';
import { type Measurement, median, runProgram } from './stopwatch.ts';

const ROUNDS = 3;
const ROUNDS_AGAIN = 9;
const OBJECTS = 1000;
const SIZES = [1000, 2000, 5000, 10_000];
const ACTION = resolve(import.meta.dirname, '../actions/deploy');
const PEAK_SCRIPT = resolve(import.meta.dirname, 'peak-memory.cjs');
const STEPS = ['first', 'all changed', 'one changed', 'nothing changed'] as const;

const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const testbed = await startTestbed({ parts: ['cluster'] });
const { kubeconfig, kubectl } = testbed.cluster as NonNullable<typeof testbed.cluster>;
const helm = await toolPath('helm');
const environment = {
  ...process.env,
  KUBECONFIG: kubeconfig,
  HOME: directory,
  KUBECACHEDIR: join(directory, 'cache'),
};
const results = new Map<string, Measurement[]>();

/** The whole step: Node, the bundle, manifests read, refusals looked for, dry run, writes. */
async function deploy(
  mode: 'apply' | 'plan',
  { file }: ManyObjects,
  namespace: string,
): Promise<Measurement> {
  const own = mkdtempSync(join(directory, 'run-'));
  const peak = join(own, 'peak');
  const job = createJob({
    workspace: resolve(file, '..'),
    directory: own,
    path: process.env['PATH'] ?? '',
    environment: { NODE_OPTIONS: `--require=${PEAK_SCRIPT}`, BENCH_PEAK_FILE: peak },
  });
  const inputs = {
    mode,
    manifests: 'manifests.yaml',
    namespace,
    application: 'many',
    formation: 'bench',
    kubeconfig,
  };
  const result = await runStep(job, { action: ACTION, inputs });
  if (result.exitCode !== 0) throw new Error(result.log);
  const megabytes = Number(readFileSync(peak, 'utf8')) / 1024;
  rmSync(own, { recursive: true });
  return { milliseconds: result.milliseconds, megabytes };
}

async function apply(
  { file }: ManyObjects,
  namespace: string,
  ...more: readonly string[]
): Promise<Measurement> {
  return await runProgram(
    kubectl,
    ['apply', '--server-side', '-n', namespace, '-f', file, ...more],
    environment,
  );
}

/** kubectl diff ends with 1 where something differs, hence the shell, whose memory says nothing. */
async function diff({ file }: ManyObjects, namespace: string): Promise<Measurement> {
  const script = '"$0" diff --server-side -n "$1" -f "$2" >/dev/null; test $? -le 1';
  const { milliseconds } = await runProgram('sh', ['-c', script, kubectl, namespace, file], environment);
  return { milliseconds, megabytes: Number.NaN };
}

async function helmUpgrade({ chart }: ManyObjects, namespace: string): Promise<Measurement> {
  return await runProgram(helm, ['upgrade', '--install', 'many', chart, '-n', namespace], environment);
}

function note(title: string, measured: Measurement): void {
  results.set(title, [...(results.get(title) ?? []), measured]);
}

function createNamespace(name: string): string {
  execFileSync(kubectl, ['create', 'namespace', name], { env: environment, stdio: 'ignore' });
  return name;
}

/** Contestants take turns within a step, so that a busy moment of the machine falls on all alike. */
async function playRound(round: number): Promise<void> {
  const names = ['slipway', 'kubectl', 'helm'].map(name => createNamespace(`${name}-${round}`));
  const [ours, theirs, charts] = names as [string, string, string];
  const states = [
    { revision: 1, first: 1 },
    { revision: 2, first: 1 },
    { revision: 2, first: 2 },
    { revision: 2, first: 2 },
  ];
  for (const [index, step] of STEPS.entries()) {
    const many = writeManyObjects(join(directory, `state-${index}`), {
      objects: OBJECTS,
      ...(states[index] as (typeof states)[number]),
    });
    note(`deploy, mode plan: ${step}`, await deploy('plan', many, ours));
    note(`kubectl diff: ${step}`, await diff(many, theirs));
    note(`deploy: ${step}`, await deploy('apply', many, ours));
    note(`kubectl apply --dry-run=server: ${step}`, await apply(many, theirs, '--dry-run=server'));
    note(`kubectl apply: ${step}`, await apply(many, theirs));
    note(`helm upgrade --install: ${step}`, await helmUpgrade(many, charts));
  }
  removeNamespaces(names);
}

/** What is there already is deployed again, with one change in every second round. */
async function playAgain(): Promise<void> {
  const [ours, theirs] = [createNamespace('slipway'), createNamespace('kubectl')];
  for (let round = 0; round <= 2 * ROUNDS_AGAIN; round++) {
    const many = writeManyObjects(join(directory, `again-${round}`), {
      objects: OBJECTS,
      revision: 1,
      first: 1 + Math.ceil(round / 2),
    });
    const step = round % 2 === 1 ? 'one changed' : 'nothing changed';
    const measured = [await deploy('apply', many, ours), await apply(many, theirs)] as const;
    if (round === 0) continue;
    note(`deploy: ${step}`, measured[0]);
    note(`kubectl apply: ${step}`, measured[1]);
  }
}

function showAgain(): void {
  row('second deploy', 'deploy, ms', 'kubectl apply, ms', 'ratio', 'most memory, MB');
  console.log('|---|---|---|---|---|');
  for (const step of ['one changed', 'nothing changed']) {
    const [ours, theirs] = [time(`deploy: ${step}`), time(`kubectl apply: ${step}`)];
    const ratio = (ours / theirs).toFixed(2);
    row(step, ours.toFixed(0), theirs.toFixed(0), ratio, memory([`deploy: ${step}`]));
  }
}

/** All steps beside all programs. */
async function playAll(): Promise<void> {
  for (let round = 0; round <= ROUNDS; round++) {
    await playRound(round);
    if (round === 0) results.clear();
  }
  showSteps();
  showRatios();
}

function removeNamespaces(names: readonly string[]): void {
  const { status, stderr } = spawnSync(kubectl, ['delete', 'namespace', ...names], {
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

function time(title: string): number {
  return median((results.get(title) ?? []).map(({ milliseconds }) => milliseconds));
}

function memory(titles: readonly string[]): string {
  const most = Math.max(
    ...titles.flatMap(title => (results.get(title) ?? []).map(({ megabytes }) => megabytes)),
  );
  return Number.isNaN(most) ? '–' : most.toFixed(0);
}

function row(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}

function showSteps(): void {
  const programs = [
    'deploy',
    'kubectl apply',
    'kubectl apply --dry-run=server',
    'helm upgrade --install',
    'deploy, mode plan',
    'kubectl diff',
  ];
  row('program', ...STEPS.map(step => `${step}, ms`), 'most memory, MB');
  console.log('|---|---|---|---|---|---|');
  for (const program of programs) {
    const titles = STEPS.map(step => `${program}: ${step}`);
    row(program, ...titles.map(title => time(title).toFixed(0)), memory(titles));
  }
}

/** Whoever writes first and asks later has only the writes; deploy has tried everything out before. */
function showRatios(): void {
  const ratio = (a: number, b: number): string => (a / b).toFixed(2);
  const writes = time('deploy: first') - time('deploy, mode plan: first');
  console.log('\n| | ratio | goal |\n|---|---|---|');
  row(
    'writes of a first apply (deploy less its plan) / kubectl apply',
    ratio(writes, time('kubectl apply: first')),
    0.5,
  );
  for (const step of ['first', 'all changed'] as const)
    row(
      `plan / kubectl diff, ${step}`,
      ratio(time(`deploy, mode plan: ${step}`), time(`kubectl diff: ${step}`)),
      0.33,
    );
  for (const step of ['first', 'all changed'] as const)
    row(
      `deploy / dry run and apply of kubectl, ${step}`,
      ratio(
        time(`deploy: ${step}`),
        time(`kubectl apply --dry-run=server: ${step}`) + time(`kubectl apply: ${step}`),
      ),
      0.5,
    );
  const nothing = 'nothing changed';
  row(
    `deploy / kubectl apply, ${nothing}`,
    ratio(time(`deploy: ${nothing}`), time(`kubectl apply: ${nothing}`)),
    0.1,
  );
}

/** Each size in a namespace of its own: first apply, then nothing changed. */
async function showGrowth(): Promise<void> {
  console.log(
    '\n| objects | first, ms | µs an object | nothing changed, ms | most memory, MB |\n|---|---|---|---|---|',
  );
  for (const objects of SIZES) {
    const namespace = createNamespace(`size-${objects}`);
    const many = writeManyObjects(join(directory, namespace), { objects, revision: 1, first: 1 });
    const first = await deploy('apply', many, namespace);
    const again = await deploy('apply', many, namespace);
    row(
      objects,
      first.milliseconds.toFixed(0),
      ((first.milliseconds / objects) * 1000).toFixed(0),
      again.milliseconds.toFixed(0),
      Math.max(first.megabytes, again.megabytes).toFixed(0),
    );
    removeNamespaces([namespace]);
  }
}

try {
  const isAgain = process.argv.includes('--again');
  if (isAgain) {
    await playAgain();
    showAgain();
  } else {
    await playAll();
    if (!process.argv.includes('--without-growth')) await showGrowth();
  }
  console.log(
    `\nMedians of ${isAgain ? ROUNDS_AGAIN : ROUNDS}, Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}.`,
  );
} finally {
  await testbed.stop();
  rmSync(directory, { recursive: true, force: true });
}
