import { isJsonObject, type JsonObject, type JsonValue, type KubernetesObject, textMap } from '@slipway/core';

/** The pods that an object is, or makes. */
export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  /** RFC 6901, of the pod's spec in the object. */
  readonly pointer: string;
}

const templatePaths: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ['template'],
  ReplicationController: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

const workloadVersions = new Set(['v1', 'apps/v1', 'batch/v1']);

export function podTemplateOf(object: KubernetesObject): PodTemplate | undefined {
  const path = workloadVersions.has(object.apiVersion) ? templatePaths[object.kind] : undefined;
  if (path === undefined) return undefined;
  const template = path.reduce<JsonValue | undefined>((value, step) => inside(value)[step], object);
  const { metadata, spec } = inside(template);
  if (!isJsonObject(spec)) return undefined;
  return { labels: textMap(inside(metadata)['labels']), spec, pointer: [...['', ...path], 'spec'].join('/') };
}

export function inside(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The maps of a list, each with its index; whatever else is in it is left to the schema. */
export function entriesOf(value: JsonValue | undefined): readonly (readonly [number, JsonObject])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => (isJsonObject(item) ? [[index, item] as const] : []));
}

/** Each container of a pod with its pointer. */
export function containersOf({ spec, pointer }: PodTemplate): readonly (readonly [string, JsonObject])[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap(list =>
    entriesOf(spec[list]).map(([index, container]) => [`${pointer}/${list}/${index}`, container] as const),
  );
}

export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
