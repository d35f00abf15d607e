import { textMap } from '@slipway/core';
import { numberAt, textAt } from '@slipway/kubernetes';
import { until } from '@slipway/testkit/cluster';
import type { Stage } from '../scenario.ts';

// What someone else does to the pods of a scenario.

/** With as many pods as there are, and one more at a time. */
export const NO_SPARE = {
  spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
};
export const QUOTA = { apiVersion: 'v1', kind: 'ResourceQuota', name: 'pods' } as const;

/** From now on the namespace gets no further pod. */
export async function limitPods(
  { client, namespace }: Pick<Stage, 'client' | 'namespace'>,
  pods: number,
): Promise<void> {
  const { apiVersion, kind, name } = QUOTA;
  await client.create({
    apiVersion,
    kind,
    metadata: { name, namespace },
    spec: { hard: { pods: String(pods) } },
  });
  await until(async () => {
    const quota = await client.get({ ...QUOTA, namespace });
    return textMap((quota?.['status'] as { hard?: never } | undefined)?.hard ?? null)['pods'] !== undefined;
  });
}

export async function killStable(stage: Stage): Promise<void> {
  await limitPods(stage, 0);
  await deletePods(stage, 'stable');
}

export async function deletePods({ client, namespace }: Stage, track: 'stable' | 'next'): Promise<void> {
  const labelSelector = `slipway.dev/track=${track}`;
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  for (const { metadata } of items)
    await client.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name: metadata.name });
}

/** Takes a node of one of the copy's pods out of use, and ends all of the namespace's pods on it, as `kubectl drain` does. */
export async function drainNode({ client, namespace }: Stage): Promise<void> {
  const pods = { apiVersion: 'v1', kind: 'Pod', namespace };
  const { items } = await client.list(pods);
  const copy = items.find(
    ({ metadata }) => textMap(metadata['labels'] ?? null)['slipway.dev/track'] === 'next',
  );
  const node = copy === undefined ? undefined : textAt(copy, 'spec', 'nodeName');
  if (node === undefined) throw new Error('the copy has no pod on a node');
  const reference = { apiVersion: 'v1', kind: 'Node', name: node };
  await client.patch(reference, { spec: { unschedulable: true } });
  for (const pod of items.filter(one => textAt(one, 'spec', 'nodeName') === node))
    await client.delete({ ...pods, name: pod.metadata.name });
  // What others play needs the node as well; by now the new pods are elsewhere.
  await until(async () => {
    const { items: now } = await client.list(pods);
    return now.every(one => (textAt(one, 'spec', 'nodeName') ?? node) !== node);
  });
  await client.patch(reference, { spec: { unschedulable: false } });
}

const API = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' } as const;

export async function stableServes({ client, namespace }: Stage): Promise<boolean> {
  const live = await client.get({ ...API, namespace });
  return numberAt(live ?? {}, 'status', 'readyReplicas') === 3;
}

export async function scale({ client, namespace }: Stage, replicas: number): Promise<void> {
  await client.patch({ ...API, namespace }, { spec: { replicas } });
}
