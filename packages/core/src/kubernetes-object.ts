import { canonicalJson, isJsonObject, type JsonObject, type JsonValue, sha256 } from './json.ts';

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

/**
 * A manifest that asks for a name of its own, under the one that its content gives it: `generateName` would make one more object of
 * every deploy. Anything else as it is.
 */
export function withGeneratedName(value: unknown): unknown {
  if (!isJsonObject(value) || !isJsonObject(value['metadata'])) return value;
  const { generateName, ...metadata } = value['metadata'];
  if (typeof generateName !== 'string' || generateName === '' || 'name' in metadata) return value;
  const hash = sha256(canonicalJson(value)).slice('sha256:'.length);
  return { ...value, metadata: { ...metadata, name: `${generateName}${hash.slice(0, GENERATED_LENGTH)}` } };
}

const GENERATED_LENGTH = 10;

export function referenceTo(object: KubernetesObject): ObjectReference {
  const { namespace, name } = object.metadata;
  const place = typeof namespace === 'string' ? { namespace } : {};
  return { apiVersion: object.apiVersion, kind: object.kind, ...place, name };
}

/** `Deployment shop/api`, as people say it. */
export function describeObject(object: ObjectReference): string {
  return object.namespace === undefined
    ? `${object.kind} ${object.name}`
    : `${object.kind} ${object.namespace}/${object.name}`;
}

/** A key that is equal for two references to one object, whatever version of its API they speak. */
export function objectKey(object: ObjectReference): string {
  return `${apiGroup(object.apiVersion)}/${object.kind}/${object.namespace ?? ''}/${object.name}`;
}

/** `apps` of `apps/v1`; the core group is empty. */
export function apiGroup(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The `metadata.labels` or `metadata.annotations` of an object, as text; whatever is not text is left out. */
export function textMap(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
