import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { type Clock, inParallel, type Logger, type Release, valueAt } from '@slipway/core';
import {
  controllerOf,
  formatSelector,
  isTerminating,
  type KubernetesObject,
  kindKey,
  labelsOf,
  numberAt,
  objectsAt,
  parseSelector,
  referenceTo,
  uidOf,
} from '@slipway/kubernetes';
import { isReady } from '@slipway/rollout';
import { unlessCode } from '../cluster/expected-errors.ts';
import { asRead } from '../objects/identity.ts';

interface UnstickOptions {
  readonly client: ClusterClient;
  readonly release: Release;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Milliseconds that the controller may take to observe a StatefulSet that was written. */
const OBSERVATION_TIMEOUT = 60_000;
const LOOK_EVERY = 200;
/** Milliseconds after which a ready pod counts as one that the controller replaces itself; one that crash-loops is ready in between. */
const READY_AT_ONCE = 3_000;
const READY_AFTER_CRASH = 15_000;
/** Milliseconds after which a rollback goes on in any case; verifying it shows whether a pod is still stuck. */
const LONGEST_LOOK = 60_000;
const REVISION = 'controller-revision-hash';

/**
 * Deletes pods of restored StatefulSets that have another revision and are not ready. The controller would wait for them to become
 * ready before replacing them, which never happens:
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
export async function unstickPods(options: UnstickOptions): Promise<void> {
  const sets = options.release.objects.filter(object => kindKey(object) === 'StatefulSet.apps');
  await inParallel(sets, async ({ apiVersion, kind, name, namespace }) => {
    const reference = { apiVersion, kind, name, namespace: namespace ?? options.release.namespace };
    const set = await observed(options, reference);
    if (set !== undefined) await deleteStuckPods(options, set);
  });
}

/** The StatefulSet once its controller has observed what was written; undefined if it does not. */
async function observed(
  { client, clock, signal }: UnstickOptions,
  reference: Parameters<ClusterClient['get']>[0],
): Promise<KubernetesObject | undefined> {
  const deadline = clock().getTime() + OBSERVATION_TIMEOUT;
  for (;;) {
    const set = await client.get(reference);
    if (set === undefined) return undefined;
    if (valueAt(set, ['status', 'observedGeneration']) === set.metadata['generation']) return set;
    // Until then its status names the revision that was undone, and the good pods would seem to be stuck.
    if (clock().getTime() >= deadline) return undefined;
    await sleep(LOOK_EVERY, undefined, { signal });
  }
}

/** Looks until no pod of another revision is left, or those that are left have been ready for long enough. */
async function deleteStuckPods(options: UnstickOptions, set: KubernetesObject): Promise<void> {
  const { clock, signal } = options;
  const started = clock().getTime();
  let troubled = started;
  for (;;) {
    const others = await otherPods(options, set);
    const now = clock().getTime();
    const stuck = others.filter(pod => !isReady(pod));
    await inParallel(stuck, pod => deletePod(options, pod));
    if (stuck.length > 0) troubled = now;
    const steady = others.some(hasRestarted) ? READY_AFTER_CRASH : READY_AT_ONCE;
    if (others.length === 0 || now - troubled >= steady || now - started >= LONGEST_LOOK) return;
    await sleep(LOOK_EVERY, undefined, { signal });
  }
}

/** The pods that are not of the revision that was restored, and not on their way out. */
async function otherPods({ client }: UnstickOptions, set: KubernetesObject): Promise<KubernetesObject[]> {
  const namespace = String(set.metadata['namespace']);
  const wanted = valueAt(set, ['status', 'updateRevision']);
  const labelSelector = formatSelector(parseSelector(valueAt(set, ['spec', 'selector'])));
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  return items.filter(
    pod => controllerOf(pod) === uidOf(set) && labelsOf(pod)[REVISION] !== wanted && !isTerminating(pod),
  );
}

/** The controller deletes a pod that becomes ready for a moment itself, and has then made another one of its name. A pod that has changed is looked at again. */
async function deletePod({ client, logger }: UnstickOptions, pod: KubernetesObject): Promise<void> {
  const deleted = await unlessCode('cluster-conflict', async () => {
    await client.delete(referenceTo(pod), asRead(pod));
    return true;
  });
  if (deleted === true) logger.info(`Deleted the stuck Pod ${pod.metadata.name}`);
}

function hasRestarted(pod: KubernetesObject): boolean {
  return objectsAt(pod, 'status', 'containerStatuses').some(
    status => (numberAt(status, 'restartCount') ?? 0) > 0,
  );
}
