import {
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  textMap,
  valueAt,
} from '@slipway/core';
import { containersIn, type KubernetesObject, podTemplatePath } from '@slipway/kubernetes';

/** The pod that an object is, or the pods that it creates. */
export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  /** The pointer (RFC 6901) to the pod's spec in the object. */
  readonly pointer: string;
}

/** The pods that an object describes; undefined where it describes none. */
export function podTemplateOf(object: KubernetesObject): PodTemplate | undefined {
  const path = podTemplatePath(object);
  if (path === undefined) return undefined;
  const { metadata, spec } = inside(valueAt(object, path));
  if (!isJsonObject(spec)) return undefined;
  return { labels: textMap(inside(metadata)['labels']), spec, pointer: formatPointer([...path, 'spec']) };
}

export function inside(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The maps of a list, each with its index; items of other types are reported by the schema. */
export function entriesOf(value: JsonValue | undefined): readonly (readonly [number, JsonObject])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => (isJsonObject(item) ? [[index, item] as const] : []));
}

/**
 * The containers that can answer requests: those that run as long as the pod, which an init container does only as a sidecar.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function servingContainers({ spec }: PodTemplate): readonly JsonObject[] {
  return containersIn(spec).flatMap(({ value, path }) => {
    const runsOn =
      path[0] === 'containers' || (path[0] === 'initContainers' && value['restartPolicy'] === 'Always');
    return runsOn ? [value] : [];
  });
}

export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
