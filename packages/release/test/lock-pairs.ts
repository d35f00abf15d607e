import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { type Release, textMap } from '@slipway/core';
import { type KubernetesObject, PART_OF } from '@slipway/kubernetes';
import { connect, createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { listReleases, readRelease } from '../src/index.ts';
import { type FaultTerms, type RandomFaults, randomFaults, randomFrom } from './random-faults.ts';

export interface PairTerms {
  readonly kubeconfig: string;
  /** Without faults. */
  readonly direct: ClusterClient;
  readonly seed: number;
  /** Milliseconds that a lease lasts. */
  readonly lease: number;
}

export interface PairResult {
  /** Each object that differs from the record of the last release. */
  readonly differences: readonly string[];
  /** How the runs ended: `done`, or the code of an error. */
  readonly ends: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** What each run deploys: the other's objects leave, both change `common` and make `fresh`, and the second leaves `kept` as it is. */
const CONTENTS = {
  before: { common: '0', kept: '0', changed: '0', old: '0' },
  first: { common: 'first', changed: 'first', fresh: 'first', own: 'first' },
  second: { common: 'second', kept: '0', changed: '0', fresh: 'second' },
  last: { common: 'last', kept: '0', changed: 'last', fresh: 'last' },
} as const;

type Run = keyof typeof CONTENTS;

const MOST_RUNS = 12;

/** Two runs of one formation at the same time, each through faults of its own; the second is repeated until it succeeds. */
export async function runPair({ kubeconfig, direct, seed, lease }: PairTerms): Promise<PairResult> {
  const random = randomFrom(seed);
  const namespace = await createNamespace(direct, `pair-${seed}-${lease}`);
  await attempt(direct, namespace, 'before', lease);
  const [first, second] = await Promise.all([
    openFaulty(kubeconfig, { seed: seed * 2 + 1, lease, cutAt: 'an object' }),
    openFaulty(kubeconfig, { seed: seed * 2 + 2, lease, cutAt: 'any request' }),
  ]);
  const later = random() * lease;
  const ends = await Promise.all([
    attempt(first.client, namespace, 'first', lease),
    sleep(later)
      .then(() => untilDone(second.client, direct, namespace, lease))
      // What the first run has under way is delivered when the second one has finished, if it still can be.
      .finally(first.faults.reconnect),
  ]);
  const newest = await newestOf(direct, namespace);
  // A record can be held to what is live only once a run has written all of it.
  if (newest.applied === undefined) {
    const last = await untilDone(direct, direct, namespace, lease, 'last');
    if (last !== 'done')
      throw new Error(`no run of seed ${seed} succeeded, ${MOST_RUNS} without faults among them`);
    ends.push(last);
  }
  await Promise.all([first, second].map(({ faults }) => faults.finish()));
  const differences = await differencesFrom(direct, await newestOf(direct, namespace));
  for (const { client, faults } of [first, second]) {
    client.close();
    faults.close();
  }
  await direct.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  return { differences, ends: ends.flat(), counts: sumOf([first.faults.counts, second.faults.counts]) };
}

async function openFaulty(
  kubeconfig: string,
  terms: FaultTerms,
): Promise<{ readonly client: ClusterClient; readonly faults: RandomFaults }> {
  const faults = await randomFaults(kubeconfig, terms);
  const client = await connect(faults.kubeconfig);
  faults.start();
  return { client, faults };
}

/** One run. @returns `done`, or the code of its error */
async function attempt(client: ClusterClient, namespace: string, run: Run, lease: number): Promise<string> {
  const objects = Object.entries(CONTENTS[run]).map(([name, v]) => configMap(name, { v }));
  const request = requestFor(namespace, objects, { prune: 'now', run: `https://runs.example/${run}` });
  try {
    await deploy(client, request, undefined, { leaseDuration: lease, lockTimeout: 20 * lease });
    return 'done';
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    return code;
  }
}

/** Repeats a run until it succeeds, as its author would; after a while without faults. @returns `done` or `gave up` */
async function untilDone(
  client: ClusterClient,
  direct: ClusterClient,
  namespace: string,
  lease: number,
  run: Run = 'second',
): Promise<string> {
  for (let number = 1; number <= MOST_RUNS; number++)
    if ((await attempt(number <= 3 ? client : direct, namespace, run, lease)) === 'done') return 'done';
  return 'gave up';
}

async function newestOf(client: ClusterClient, namespace: string): Promise<Release> {
  const { identity } = requestFor(namespace, []);
  const [newest] = await listReleases(client, identity);
  return await readRelease(client, identity, newest?.number ?? 0);
}

/** Everything in the namespace that is not as the record of a release says. */
export async function differencesFrom(client: ClusterClient, release: Release): Promise<string[]> {
  const { namespace } = release;
  const { items } = await client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace });
  const live = new Map(items.map(item => [item.metadata.name, item]));
  const manifests = new Map(
    (release.manifests as unknown as KubernetesObject[]).map(object => [object.metadata.name, object]),
  );
  const differences = release.objects.flatMap(({ name, uid }) => {
    const object = live.get(name);
    const [is, should] = [object?.['data'], manifests.get(name)?.['data']].map(data => JSON.stringify(data));
    if (object === undefined) return [`${name} is missing`];
    if (object.metadata['uid'] !== uid) return [`${name} is another object than the recorded one`];
    return is === should ? [] : [`${name} is ${is} instead of ${should}`];
  });
  const known = new Set([...release.objects, ...(release.pending ?? [])].map(({ name }) => name));
  const strangers = items.filter(
    ({ metadata }) => textMap(metadata['labels'] ?? null)[PART_OF] !== undefined && !known.has(metadata.name),
  );
  return [...differences, ...strangers.map(({ metadata }) => `${metadata.name} is not recorded`)];
}

function sumOf(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [what, number] of counts.flatMap(one => Object.entries(one)))
    sum[what] = (sum[what] ?? 0) + number;
  return sum;
}
