import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import {
  type Clock,
  inParallel,
  isJsonObject,
  type JsonValue,
  type Logger,
  type Release,
  textMap,
  valueAt,
} from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { uidOf } from '../objects/identity.ts';

interface UnstickOptions {
  readonly client: ClusterClient;
  readonly release: Release;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Milliseconds that the controller may take to observe a StatefulSet that was written. */
const OBSERVATION_TIMEOUT = 15_000;
const LOOK_EVERY = 200;
const REVISION = 'controller-revision-hash';

/**
 * Deletes pods of restored StatefulSets that have another revision and are not ready. The controller would wait for them to become
 * ready before replacing them, which never happens:
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
export async function unstickPods(options: UnstickOptions): Promise<void> {
  const sets = options.release.objects.filter(
    ({ kind, apiVersion }) => kind === 'StatefulSet' && apiVersion.startsWith('apps/'),
  );
  await inParallel(sets, async ({ apiVersion, kind, name, namespace }) => {
    const reference = { apiVersion, kind, name, namespace: namespace ?? options.release.namespace };
    const set = await observed(options, reference);
    if (set !== undefined) await deleteStuckPods(options, set);
  });
}

/** The StatefulSet once its controller has observed what was written. */
async function observed(
  { client, clock, signal }: UnstickOptions,
  reference: Parameters<ClusterClient['get']>[0],
): Promise<KubernetesObject | undefined> {
  const deadline = clock().getTime() + OBSERVATION_TIMEOUT;
  for (;;) {
    const set = await client.get(reference);
    if (set === undefined) return undefined;
    const seen = valueAt(set, ['status', 'observedGeneration']) === set.metadata['generation'];
    if (seen || clock().getTime() >= deadline) return set;
    await sleep(LOOK_EVERY, undefined, { signal });
  }
}

async function deleteStuckPods({ client, logger }: UnstickOptions, set: KubernetesObject): Promise<void> {
  const namespace = String(set.metadata['namespace']);
  const wanted = valueAt(set, ['status', 'updateRevision']);
  const labels = Object.entries(textMap(valueAt(set, ['spec', 'selector', 'matchLabels']) ?? null));
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(',');
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  const stuck = items.filter(
    pod =>
      isControlledBy(pod, set) &&
      textMap(pod.metadata['labels'] ?? null)[REVISION] !== wanted &&
      !isReady(pod),
  );
  await inParallel(stuck, async pod => {
    await client.delete(referenceTo(pod), { uid: uidOf(pod) ?? '' });
    logger.info(`Deleted the stuck Pod ${pod.metadata.name}`);
  });
}

function isControlledBy(pod: KubernetesObject, owner: KubernetesObject): boolean {
  const owners = pod.metadata['ownerReferences'];
  return (
    Array.isArray(owners) &&
    owners.some((reference: JsonValue) => isJsonObject(reference) && reference['uid'] === uidOf(owner))
  );
}

function isReady(pod: KubernetesObject): boolean {
  const conditions = valueAt(pod, ['status', 'conditions']);
  return (
    Array.isArray(conditions) &&
    conditions.some(
      (condition: JsonValue) =>
        isJsonObject(condition) && condition['type'] === 'Ready' && condition['status'] === 'True',
    )
  );
}
