import { isJsonObject, type JsonValue, valueAt } from '@slipway/core';
import { type KubernetesObject, kindKey } from '@slipway/kubernetes';
import type { FieldChange } from './diff.ts';
import { sameJson } from './managed-fields.ts';

interface Change {
  /** Absent if the object is new or was not read. */
  readonly before: KubernetesObject | undefined;
  readonly after: KubernetesObject;
  readonly fields: readonly FieldChange[];
}

/**
 * Whether a change makes a workload replace pods that run: its pod template changes, or pods still have an older one, and its
 * strategy lets the controller replace some of them.
 */
export function restartsPods({ before, after, fields }: Change): boolean {
  const replaceable = REPLACEABLE[kindKey(after)];
  if (replaceable === undefined) return false;
  const most = Math.min(replicasOf(before ?? after), replicasOf(after));
  const now = replaceable(after, most);
  if (fields.some(isTemplateChange)) return now > 0;
  return before !== undefined && isOutdated(before) && now > replaceable(before, most);
}

function isTemplateChange({ pointer, before, after }: FieldChange): boolean {
  if (before !== undefined && after !== undefined && sameJson(before as JsonValue, after as JsonValue))
    return false;
  return pointer === '/spec/template' || pointer.startsWith('/spec/template/');
}

/** How many of its pods the controller of a kind may replace by itself. A DaemonSet's number is not known: it is one. */
const REPLACEABLE: Readonly<Record<string, (object: KubernetesObject, replicas: number) => number>> = {
  'Deployment.apps': (object, replicas) => (valueAt(object, ['spec', 'paused']) === true ? 0 : replicas),
  'StatefulSet.apps': (object, replicas) =>
    isOnDelete(object) ? 0 : Math.max(0, replicas - partitionOf(object)),
  'DaemonSet.apps': object => (isOnDelete(object) ? 0 : 1),
};

function replicasOf(object: KubernetesObject): number {
  const replicas = valueAt(object, ['spec', 'replicas']);
  return typeof replicas === 'number' ? replicas : 1;
}

function isOnDelete(object: KubernetesObject): boolean {
  return valueAt(object, ['spec', 'updateStrategy', 'type']) === 'OnDelete';
}

function partitionOf(object: KubernetesObject): number {
  const partition = valueAt(object, ['spec', 'updateStrategy', 'rollingUpdate', 'partition']);
  return typeof partition === 'number' ? partition : 0;
}

/** Whether some pods still have an earlier template, as a paused Deployment's have. */
function isOutdated({ status }: KubernetesObject): boolean {
  if (!isJsonObject(status)) return false;
  const { currentRevision, updateRevision, replicas, updatedReplicas } = status;
  if (updateRevision !== undefined) return updateRevision !== currentRevision;
  const { currentNumberScheduled, updatedNumberScheduled } = status;
  return count(updatedReplicas ?? updatedNumberScheduled) < count(replicas ?? currentNumberScheduled);
}

function count(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}
