/**
 * ConfigMaps of a formation on a real API server, 1,000 unless told otherwise: deployed for the first time beside `kubectl apply --server-side`, and removed by
 * `mode: destroy` beside `kubectl delete`. The share of the API server and of etcd in the processors' time is what no client can save.
 * `npm run bench -- config-maps [objects] [rounds]`; bench/results/deploy.md keeps the table.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startTestbed } from '@slipway/testbed';
import { createJob, runStep } from '@slipway/testbed/runner';
import { cpuOfPrograms } from './cpu-time.ts';
import { median, runProgram } from './stopwatch.ts';

const OBJECTS = Number(process.argv[2] ?? 1000);
const ROUNDS = Number(process.argv[3] ?? 2);
const ACTION = resolve(import.meta.dirname, '../actions/deploy');
const SERVER = ['kube-apiserver', 'etcd'];
const APPLICATION = 'many';
const FORMATION = 'bench';

const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const testbed = await startTestbed({ parts: ['cluster'] });
const { kubeconfig, kubectl } = testbed.cluster as NonNullable<typeof testbed.cluster>;
const environment = { ...process.env, KUBECONFIG: kubeconfig, HOME: directory };
const file = writeConfigMaps();

/** Seconds on the clock, and of the API server's and etcd's processors. */
type Times = readonly [clock: number, server: number];
const results = new Map<string, Times[]>();

function writeConfigMaps(): string {
  const folder = join(directory, 'manifests');
  mkdirSync(folder);
  const texts = Array.from(
    { length: OBJECTS },
    (_, index) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings-${index}}\ndata: {level: info, name: "value of ${index}"}\n`,
  );
  writeFileSync(join(folder, 'manifests.yaml'), texts.join('---\n'));
  return join(folder, 'manifests.yaml');
}

async function measure(title: string, work: () => Promise<unknown>): Promise<void> {
  const [started, before] = [performance.now(), cpuOfPrograms(SERVER)];
  await work();
  const took: Times = [(performance.now() - started) / 1000, (cpuOfPrograms(SERVER) - before) / 1000];
  results.set(title, [...(results.get(title) ?? []), took]);
}

async function deploy(namespace: string, inputs: Readonly<Record<string, string>>): Promise<void> {
  const own = mkdtempSync(join(directory, 'run-'));
  const job = createJob({
    workspace: resolve(file, '..'),
    directory: own,
    path: process.env['PATH'] ?? '',
  });
  const target = { namespace, application: APPLICATION, formation: FORMATION, kubeconfig };
  const result = await runStep(job, { action: ACTION, inputs: { ...target, ...inputs } });
  if (result.exitCode !== 0) throw new Error(result.log);
}

const run = (...args: readonly string[]) => runProgram(kubectl, args, environment);

async function playRound(round: number): Promise<void> {
  const [ours, theirs] = [`ours-${round}`, `theirs-${round}`];
  for (const name of [ours, theirs])
    execFileSync(kubectl, ['create', 'namespace', name], { env: environment, stdio: 'ignore' });
  const asFile = ['-n', theirs, '-f', file];
  await measure('deploy, first', () => deploy(ours, { mode: 'apply', manifests: 'manifests.yaml' }));
  await measure('kubectl apply --server-side', () => run('apply', '--server-side', ...asFile));
  await measure('deploy, mode destroy', () =>
    deploy(ours, { mode: 'destroy', confirm: `${APPLICATION}/${FORMATION}` }),
  );
  await measure('kubectl delete', () => run('delete', ...asFile));
}

try {
  for (let round = 1; round <= ROUNDS; round += 1) await playRound(round);
  console.log(
    `| ${OBJECTS} ConfigMaps | s | of the API server's and etcd's processors, s |\n|---|---:|---:|`,
  );
  for (const [title, took] of results) {
    const cells = [0, 1].map(index => median(took.map(times => times[index] ?? Number.NaN)).toFixed(1));
    console.log(`| ${title} | ${cells.join(' | ')} |`);
  }
  console.log(
    `\nMedians of ${ROUNDS}, Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}.`,
  );
} finally {
  await testbed.stop();
  rmSync(directory, { recursive: true });
}
