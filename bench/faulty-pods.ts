/**
 * What verify-rollout makes of 20,000 pods that all crash: from the lists to the verdict with its evidence. The API server's answers are
 * played, since no API server of two processors makes that many pods in a benchmark's time; each list is parsed from JSON, as it would be.
 * `npm run bench -- faulty-pods [pods] [rounds]`; each round is a process of its own. bench/results/verify-scale.md keeps the figures.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { WatchEvent } from '@slipway/cluster';
import { type JsonObject, silentLogger } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type RolloutCluster, watchRollout } from '@slipway/rollout';
import { median } from './stopwatch.ts';

const PODS = Number(process.argv[2] ?? 20_000);
const ROUNDS = Number(process.argv[3] ?? 5);
const PODS_OF_EACH = 50;
const NAMESPACE = 'shop';
const TIME = '2026-01-01T00:00:00Z';

function meta(name: string, owner?: { readonly kind: string; readonly name: string }): JsonObject {
  const owners = owner && [
    { ...owner, apiVersion: 'apps/v1', uid: `uid-${owner.name}`, controller: true, blockOwnerDeletion: true },
  ];
  return {
    name,
    namespace: NAMESPACE,
    uid: `uid-${name}`,
    generation: 1,
    resourceVersion: '7',
    creationTimestamp: TIME,
    ...(owners && { ownerReferences: owners }),
  };
}

function container(name: string): JsonObject {
  return { name: 'main', image: `registry.example/${name}:1`, resources: { requests: { cpu: '100m' } } };
}

function workload(index: number): readonly JsonObject[] {
  const name = `app-${index}`;
  const spec = {
    replicas: PODS_OF_EACH,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [container(name)] } },
  };
  const counts = { replicas: PODS_OF_EACH, unavailableReplicas: PODS_OF_EACH, observedGeneration: 1 };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...meta(name), annotations: { 'deployment.kubernetes.io/revision': '1' } },
      spec,
      status: { ...counts, updatedReplicas: PODS_OF_EACH },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        ...meta(`${name}-1`, { kind: 'Deployment', name }),
        annotations: { 'deployment.kubernetes.io/revision': '1' },
      },
      spec,
      status: counts,
    },
    ...Array.from({ length: PODS_OF_EACH }, (_, nth) => pod(name, nth)),
  ];
}

function pod(name: string, nth: number): JsonObject {
  const exited = { exitCode: 1, reason: 'Error', startedAt: TIME, finishedAt: TIME };
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(type => ({
    type,
    status: type.endsWith('Ready') ? 'False' : 'True',
    lastTransitionTime: TIME,
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...meta(`${name}-1-${nth}`, { kind: 'ReplicaSet', name: `${name}-1` }),
      labels: { app: name },
      managedFields: [
        { manager: 'kubelet', operation: 'Update', fieldsV1: { 'f:status': { 'f:phase': {} } } },
      ],
    },
    spec: { containers: [container(name)], nodeName: `node-${nth}`, schedulerName: 'default-scheduler' },
    status: {
      phase: 'Running',
      conditions,
      startTime: TIME,
      containerStatuses: [
        {
          name: 'main',
          ready: false,
          restartCount: 3,
          state: {
            waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' },
          },
          lastState: { terminated: exited },
        },
      ],
    },
  };
}

/** An API server that has these objects, as texts, and reports no change. */
function played(objects: readonly JsonObject[]): RolloutCluster {
  const texts = new Map(
    [...Map.groupBy(objects, ({ kind }) => String(kind))].map(([kind, items]) => [
      kind,
      JSON.stringify(items),
    ]),
  );
  return {
    get: async () => undefined,
    openApi: async () => undefined,
    logs: async () => 'fatal: no configuration\n',
    listMetadata: async () => ({ resourceVersion: '1', items: [] }),
    list: async ({ kind }) => ({
      resourceVersion: '1',
      items: JSON.parse(texts.get(kind) ?? '[]') as KubernetesObject[],
    }),
    async *watch(_query, _version, signal): AsyncGenerator<WatchEvent> {
      await new Promise(resolve => signal.addEventListener('abort', resolve));
    },
  };
}

async function playRound(): Promise<void> {
  const workloads = Array.from({ length: PODS / PODS_OF_EACH }, (_, index) => index);
  const client = played(workloads.flatMap(workload));
  const started = performance.now();
  const result = await watchRollout({
    client,
    objects: workloads.map(index => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: NAMESPACE,
      name: `app-${index}`,
      uid: `uid-app-${index}`,
      generation: 1,
    })),
    stableFor: 0,
    timeout: 600_000,
    clock: () => new Date(),
    signal: new AbortController().signal,
    logger: silentLogger,
  });
  const seconds = (performance.now() - started) / 1000;
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  console.log(JSON.stringify({ verdict: result.verdict, seconds, megabytes: Number(peak) / 1024 }));
}

interface Round {
  readonly verdict: string;
  readonly seconds: number;
  readonly megabytes: number;
}

if (process.env['BENCH_ROUND'] !== undefined) {
  await playRound();
} else {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const args = [...process.execArgv, ...process.argv.slice(1)];
    const output = execFileSync(process.execPath, args, { env: { ...process.env, BENCH_ROUND: '1' } });
    return JSON.parse(String(output)) as Round;
  });
  const [first] = rounds;
  const seconds = rounds.map(round => round.seconds);
  console.log(
    `${PODS} pods that crash: ${first?.verdict} after ${median(seconds).toFixed(2)} s (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}), ` +
      `${Math.max(...rounds.map(({ megabytes }) => megabytes)).toFixed(0)} MB at most; Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}.`,
  );
}
