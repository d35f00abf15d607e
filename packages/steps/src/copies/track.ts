import { canonicalJson, isJsonObject, type JsonObject, type JsonValue, textMap } from '@slipway/core';
import { type KubernetesObject, labelsOf, objectAt, TRACK } from '@slipway/kubernetes';
import { isDeployment, podLabels } from '../workloads/pods-of.ts';

/** Which of the two versions a pod is of. */
export type Track = 'stable' | 'next';

/** The object with a value set deep in it; what is missing on the way is created. */
export function withValueAt<Node extends JsonObject>(
  node: Node,
  [step = '', ...rest]: readonly string[],
  value: JsonValue,
): Node {
  const child = node[step];
  const inner = rest.length === 0 ? value : withValueAt(isJsonObject(child) ? child : {}, rest, value);
  return { ...node, [step]: inner };
}

const TEMPLATE_LABELS = ['spec', 'template', 'metadata', 'labels'];

/** A Deployment whose pods have the label of a track; its selector stays, as it cannot be changed. */
export function withTrack(deployment: KubernetesObject, track: Track): KubernetesObject {
  return withValueAt(deployment, TEMPLATE_LABELS, { ...podLabels(deployment), [TRACK]: track });
}

/** A Deployment as its manifest had it, before a release wrote the label into it. */
export function withoutTrack(object: KubernetesObject): KubernetesObject {
  if (trackOf(object) === undefined) return object;
  const { [TRACK]: _track, ...labels } = podLabels(object);
  return withValueAt(object, TEMPLATE_LABELS, labels);
}

/** The track of the pods that a Deployment describes. */
export function trackOf(object: KubernetesObject): string | undefined {
  return isDeployment(object) ? podLabels(object)[TRACK] : undefined;
}

/** Whether a pod is of a track. */
export function isOnTrack(pod: KubernetesObject, track: Track): boolean {
  return labelsOf(pod)[TRACK] === track;
}

/**
 * Whether a release writes the label of stable into the pods of a Deployment: where the pods have it already, and where their
 * template changes anyway, so that no pod restarts for the label alone.
 * @param before the Deployment as the release before has it; undefined if there is none, and the object is new
 * @param mayBegin whether releases of the formation go in steps
 */
export function getsTrack(
  after: KubernetesObject,
  before: KubernetesObject | undefined,
  mayBegin: boolean,
): boolean {
  if (before === undefined) return mayBegin;
  if (trackOf(before) !== undefined) return true;
  return mayBegin && !isSameTemplate(before, after);
}

function isSameTemplate(one: KubernetesObject, other: KubernetesObject): boolean {
  const [a, b] = [one, other].map(object => objectAt(object, 'spec', 'template') ?? {});
  return canonicalJson(a ?? {}) === canonicalJson(b ?? {});
}

/** Labels that a selector of the track's pods has. */
export function selectingTrack(
  labels: JsonValue | undefined,
  track: Track,
): Readonly<Record<string, string>> {
  return { ...textMap(labels), [TRACK]: track };
}
