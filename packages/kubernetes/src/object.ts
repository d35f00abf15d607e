import {
  canonicalJson,
  excerpt,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  sha256,
  textMap,
  valueAt,
} from '@slipway/core';
import { apiGroup } from './kinds.ts';

/** Any Kubernetes object, as JSON: nothing is dropped and nothing is added. */
export interface KubernetesObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
}

export interface ObjectMetadata extends JsonObject {
  readonly name: string;
}

/** Names one object in one cluster; `namespace` is absent for cluster-scoped kinds. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export function isKubernetesObject(value: unknown): value is KubernetesObject {
  return (
    isJsonObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isJsonObject(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  );
}

const GENERATED_LENGTH = 10;

/** No name that an API server takes is longer: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
export const MAX_NAME = 253;

/**
 * A manifest with `generateName`, under a name that follows from its content: the API server would create one more object with each
 * deploy. Any other value is returned as it is.
 */
export function withGeneratedName(value: unknown): unknown {
  if (!isJsonObject(value) || !isJsonObject(value['metadata'])) return value;
  const { generateName, ...metadata } = value['metadata'];
  if (typeof generateName !== 'string' || generateName === '' || 'name' in metadata) return value;
  const hash = sha256(canonicalJson(value)).slice('sha256:'.length);
  return { ...value, metadata: { ...metadata, name: `${generateName}${hash.slice(0, GENERATED_LENGTH)}` } };
}

export function referenceTo(object: KubernetesObject): ObjectReference {
  const { namespace, name } = object.metadata;
  const own = typeof namespace === 'string' ? { namespace } : {};
  return { apiVersion: object.apiVersion, kind: object.kind, ...own, name };
}

/** `Deployment shop/api`, as messages name an object: one line, whatever a manifest calls it. */
export function describeObject({ kind, namespace, name }: ObjectReference): string {
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  return `${excerpt(kind, MAX_NAME)} ${excerpt(path, 2 * MAX_NAME)}`;
}

/** `Deployment api`, where the namespace is known. */
export function describeBriefly({ namespace: _, ...object }: ObjectReference): string {
  return describeObject(object);
}

/** `apps/Deployment/shop/api`: equal for two references to one object, whatever version of its API they use. */
export function objectKey({ apiVersion, kind, namespace = '', name }: ObjectReference): string {
  return `${apiGroup(apiVersion)}/${kind}/${namespace}/${name}`;
}

/**
 * The key of an object, as `objectKey` makes it of a reference.
 * @param namespace of an object that does not say it
 */
export function keyOf(object: KubernetesObject, namespace?: string): string {
  const reference = referenceTo(object);
  return objectKey(namespace === undefined ? reference : { namespace, ...reference });
}

/** The labels of an object; values that are not text are left out. */
export function labelsOf({ metadata }: KubernetesObject): Readonly<Record<string, string>> {
  return textMap(metadata['labels']);
}

/** The annotations of an object; values that are not text are left out. */
export function annotationsOf({ metadata }: KubernetesObject): Readonly<Record<string, string>> {
  return textMap(metadata['annotations']);
}

export function annotationOf(object: KubernetesObject, name: string): string | undefined {
  const value: JsonValue | undefined = valueAt(object, ['metadata', 'annotations', name]);
  return typeof value === 'string' ? value : undefined;
}
