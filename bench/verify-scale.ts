import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseVerdict } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { startTestbed, type TestbedCluster } from '@slipway/testbed';
import { createJob, runStep } from '@slipway/testbed/runner';
import { connect, type FaultyProxy, startFaultyProxy } from '@slipway/testkit/cluster';
import { workload } from '@slipway/testkit/objects';
import { deployObjects } from '@slipway/testkit/releases';

// One release of many Deployments on fake nodes: verify-rollout's bundle, and one `kubectl rollout status` for each Deployment
// beside it, both through a proxy that counts their requests. Prints a table.
//   node_modules/.bin/node --conditions=slipway-source bench/verify-scale.ts [Deployments, 500 by default]

const WORKLOADS = Number(process.argv[2] ?? 500);
const REPLICAS = 10;
const STABLE_SECONDS = 10;
const TIMEOUT = '15m';
/** `kubectl rollout status` processes at a time: all of them at once would need more memory than the machine has. */
const KUBECTLS_AT_ONCE = 4;
/** The pods that a fake node takes: https://github.com/kubernetes-sigs/kwok and the scheduler's own limit of 110 pods. */
const PODS_PER_NODE = 100;
const ACTION = resolve(import.meta.dirname, '../actions/verify-rollout');
const PEAK_SCRIPT = resolve(import.meta.dirname, 'peak-memory.cjs');

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'slipway-scale-'));

interface Measured {
  readonly what: string;
  readonly said: string;
  readonly seconds: number;
  readonly megabytes: number | undefined;
  readonly seen: readonly string[];
}

function workloads(): KubernetesObject[] {
  return Array.from({ length: WORKLOADS }, (_, number) => {
    const { spec, ...rest } = workload(`shop-${number}`);
    return { ...rest, spec: { ...(spec as object), replicas: REPLICAS } };
  });
}

async function counted(
  { kubeconfig }: TestbedCluster,
  work: (kubeconfig: string) => Promise<Omit<Measured, 'seen'>>,
): Promise<Measured> {
  const proxy: FaultyProxy = await startFaultyProxy(kubeconfig);
  const path = join(folder, 'kubeconfig');
  writeFileSync(path, proxy.kubeconfig, { mode: 0o600 });
  try {
    return { ...(await work(path)), seen: proxy.seen };
  } finally {
    proxy.close();
  }
}

async function slipway(what: string, release: number, kubeconfig: string): Promise<Omit<Measured, 'seen'>> {
  const peak = join(folder, 'peak');
  const job = createJob({
    workspace: mkdtempSync(join(folder, 'workspace-')),
    directory: folder,
    path: process.env['PATH'] ?? '',
    environment: { NODE_OPTIONS: `--require=${PEAK_SCRIPT}`, BENCH_PEAK_FILE: peak },
  });
  const times = { 'stable-for': `${STABLE_SECONDS}s`, timeout: TIMEOUT };
  const inputs = { release: String(release), namespace: 'shop', kubeconfig, context: 'one', ...times };
  const step = await runStep(job, { action: ACTION, inputs });
  const report = step.outputs['report'] ?? '';
  if (report === '') throw new Error(step.log);
  return {
    what,
    said: parseVerdict(readFileSync(report, 'utf8'), report).verdict,
    seconds: step.milliseconds / 1000,
    megabytes: Number(readFileSync(peak, 'utf8')) / 1024,
  };
}

async function kubectls(what: string, kubectl: string, kubeconfig: string): Promise<Omit<Measured, 'seen'>> {
  const started = performance.now();
  const queue = workloads().map(({ metadata }) => metadata.name);
  const work = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift())
      await run(kubectl, [
        `--kubeconfig=${kubeconfig}`,
        '--context=one',
        '-n',
        'shop',
        'rollout',
        'status',
        `deployment/${name}`,
      ]);
  };
  await Promise.all(Array.from({ length: KUBECTLS_AT_ONCE }, work));
  return { what, said: 'success', seconds: (performance.now() - started) / 1000, megabytes: undefined };
}

function lines({ what, said, seconds, megabytes, seen }: Measured): string {
  const memory = megabytes === undefined ? '–' : `${megabytes.toFixed(0)} MB`;
  return `| ${what} | ${said}, ${seconds.toFixed(1)} s | ${memory} | ${seen.length} |`;
}

const testbed = await startTestbed({
  parts: ['cluster'],
  nodes: Math.ceil((WORKLOADS * REPLICAS) / PODS_PER_NODE),
});
try {
  const { cluster } = testbed;
  if (cluster === undefined) throw new Error('the testbed lacks its cluster');
  const client = await connect(cluster.kubeconfig);
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const release = await deployObjects(client, { namespace: 'shop' }, workloads());
  const rows = [
    await counted(cluster, path => slipway('verify-rollout while they start', release.number, path)),
    await counted(cluster, path => slipway('verify-rollout once more, all ready', release.number, path)),
    await counted(cluster, path =>
      kubectls('`kubectl rollout status` for each, all ready', cluster.kubectl, path),
    ),
  ];
  process.stdout.write(
    `${WORKLOADS} Deployments, ${WORKLOADS * REPLICAS} pods, load ${loadavg()[0]?.toFixed(1)}\n\n`,
  );
  process.stdout.write('| | verdict, until then | memory at most | requests |\n|---|---|---|---|\n');
  for (const row of rows) process.stdout.write(`${lines(row)}\n`);
  const { seen } = rows[0] as Measured;
  for (const [request, all] of Map.groupBy(seen, one => one))
    process.stdout.write(`- ${all.length} × ${request}\n`);
  client.close();
} finally {
  await testbed.stop();
  rmSync(folder, { recursive: true });
}
