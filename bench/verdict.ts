/**
 * How long verify-rollout takes from the moment at which the API server knows to its verdict: `npm run bench -- verdict [rounds]`. A
 * watch of pods and Deployments, opened beside the bundle, says when the API server reported the second crash, the missing key, or the
 * last pod that became Ready; the end of the step is what a user gets. kwok plays the pods, so that nothing is pulled or run.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ClusterClient } from '@slipway/cluster';
import { defined, type JsonObject, parseVerdict, valueAt } from '@slipway/core';
import { type KubernetesObject, objectsAt } from '@slipway/kubernetes';
import { startTestbed } from '@slipway/testbed';
import { createJob, runStep } from '@slipway/testbed/runner';
import { connect, createNamespace } from '@slipway/testkit/cluster';
import { deployment } from '@slipway/testkit/objects';
import { deployObjects } from '@slipway/testkit/releases';
import { median } from './stopwatch.ts';

const ROUNDS = Number(process.argv[2] ?? 7);
const STABLE_SECONDS = 3;
/** Long enough that a release which is about to fail does not succeed before. */
const LONG_SECONDS = 20;
/** Seconds that the pods take, so that verify-rollout watches when it happens. */
const DELAY = 3;
const ACTION = resolve(import.meta.dirname, '../actions/verify-rollout');

interface Case {
  readonly name: string;
  readonly behaviour: string;
  readonly message?: string;
  readonly verdict: string;
  /** The kind whose change says it. */
  readonly kind: 'Pod' | 'Deployment';
  readonly known: (object: KubernetesObject) => boolean;
  /** Seconds that the verdict has to wait from then on. */
  readonly window: number;
}

const CASES: readonly Case[] = [
  {
    name: 'a container has crashed for the second time',
    behaviour: 'crash-loop',
    verdict: 'failed',
    kind: 'Pod',
    // One crash is not a verdict: the container may run when it is started again.
    known: pod => isWaitingFor(pod, 'CrashLoopBackOff') || statusesOf(pod).some(hasCrashedTwice),
    window: 0,
  },
  {
    name: 'a key of a ConfigMap is missing',
    behaviour: 'config-error',
    message: "couldn't find key url in ConfigMap shop/settings",
    verdict: 'failed',
    kind: 'Pod',
    known: pod => isWaitingFor(pod, 'CreateContainerConfigError'),
    window: 0,
  },
  {
    name: `success, after its window of ${STABLE_SECONDS} s`,
    behaviour: 'ready',
    verdict: 'succeeded',
    kind: 'Deployment',
    known: found => valueAt(found, ['status', 'availableReplicas']) === 2,
    window: STABLE_SECONDS,
  },
];

const statusesOf = (pod: KubernetesObject): readonly JsonObject[] =>
  objectsAt(pod, 'status', 'containerStatuses');

function hasCrashedTwice(status: JsonObject): boolean {
  return ['state', 'lastState'].every(state => valueAt(status, [state, 'terminated']) !== undefined);
}

function isWaitingFor(pod: KubernetesObject, reason: string): boolean {
  return statusesOf(pod).some(status => valueAt(status, ['state', 'waiting', 'reason']) === reason);
}

/** Milliseconds from what the API server told to the end of the step, less the window. */
async function measure(
  client: ClusterClient,
  kubeconfig: string,
  namespace: string,
  { behaviour, message, verdict, kind, known, window }: Case,
): Promise<number> {
  await createNamespace(client, namespace);
  const watching = new AbortController();
  const told = firstTold(client, namespace, kind, known, watching.signal);
  // It is awaited below, unless the step went wrong before.
  told.catch(() => {});
  const object = deployment('shop', { behaviour, delay: DELAY, ...defined({ message }) });
  const release = await deployObjects(client, { namespace }, [object]);
  const job = createJob({
    workspace: mkdtempSync(join(folder, 'workspace-')),
    directory: folder,
    path: process.env['PATH'] ?? '',
  });
  const inputs = {
    release: String(release.number),
    namespace,
    kubeconfig,
    'stable-for': `${window || LONG_SECONDS}s`,
  };
  const step = await runStep(job, { action: ACTION, inputs });
  const ended = performance.now();
  const { report = '' } = step.outputs;
  if (report === '' || parseVerdict(readFileSync(report, 'utf8'), report).verdict !== verdict)
    throw new Error(step.log);
  const from = await told;
  watching.abort();
  return ended - from - window * 1000;
}

async function firstTold(
  client: ClusterClient,
  namespace: string,
  kind: Case['kind'],
  known: Case['known'],
  signal: AbortSignal,
): Promise<number> {
  const query = { apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1', kind, namespace };
  const { resourceVersion } = await client.list(query);
  for await (const event of client.watch(query, resourceVersion, signal))
    if ('object' in event && known(event.object)) return performance.now();
  throw new Error(`the watch of ${kind} ended before anything was told`);
}

const folder = mkdtempSync(join(tmpdir(), 'slipway-verdict-'));
const testbed = await startTestbed({ parts: ['cluster'] });
try {
  const { cluster } = testbed;
  if (cluster === undefined) throw new Error('the testbed lacks its cluster');
  const client = await connect(cluster.kubeconfig);
  const found = new Map(CASES.map(one => [one, [] as number[]]));
  // The first round fills the compile cache and does not count.
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [index, one] of CASES.entries()) {
      const took = await measure(client, cluster.kubeconfig, `shop-${round}-${index}`, one);
      if (round > 0) found.get(one)?.push(took);
    }
  console.log(
    '| what the API server knows | until the step has ended: median | least | most |\n|---|---:|---:|---:|',
  );
  for (const [{ name }, took] of found) {
    const cells = [median(took), Math.min(...took), Math.max(...took)].map(ms => `${ms.toFixed(0)} ms`);
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
  console.log(`\n${ROUNDS} rounds, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}.`);
  client.close();
} finally {
  await testbed.stop();
  rmSync(folder, { recursive: true });
}
