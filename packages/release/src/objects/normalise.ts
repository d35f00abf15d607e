import type { ApiResource } from '@slipway/cluster';
import {
  describeObject,
  isJsonObject,
  type JsonObject,
  type KubernetesObject,
  objectKey,
  type Problem,
  referenceTo,
} from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { ReleaseObject } from '../request.ts';

/** An object as it will stand in the cluster: in its namespace. */
export function placedIn(object: KubernetesObject, namespaced: boolean, namespace: string): KubernetesObject {
  const { namespace: own, ...metadata } = object.metadata;
  if (!namespaced) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, namespace: own ?? namespace } };
}

/** Whether a kind has a namespace, from the server or from the CustomResourceDefinition that comes with the release. */
export function isNamespaced(
  object: KubernetesObject,
  resource: ApiResource | undefined,
  definitions: readonly KubernetesObject[],
): boolean {
  if (resource !== undefined) return resource.namespaced;
  const definition = definitionOf(object, definitions);
  const spec = definition?.['spec'];
  return !isJsonObject(spec) || spec['scope'] !== 'Cluster';
}

/** The CustomResourceDefinition among the release's objects that brings the object's kind. */
export function definitionOf(
  object: KubernetesObject,
  definitions: readonly KubernetesObject[],
): KubernetesObject | undefined {
  const group = object.apiVersion.split('/')[0];
  return definitions.find(({ spec }) => {
    if (!isJsonObject(spec) || spec['group'] !== group) return false;
    const { names } = spec;
    return isJsonObject(names) && names['kind'] === object.kind;
  });
}

export function isDefinition({ apiVersion, kind }: KubernetesObject): boolean {
  return kind === 'CustomResourceDefinition' && apiVersion.startsWith('apiextensions.k8s.io/');
}

export function isNamespace({ apiVersion, kind }: KubernetesObject): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}

export function isSecret({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string;
  readonly kind: string;
}): boolean {
  return apiVersion === 'v1' && kind === 'Secret';
}

export function isJob({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean {
  return kind === 'Job' && apiVersion.startsWith('batch/');
}

/**
 * A Secret with all of its content in `data`: `stringData` is write-only, so that server-side apply would neither show a
 * difference in it nor take away what left it.
 */
export function withDataOnly(secret: KubernetesObject): KubernetesObject {
  const { stringData, ...others } = secret;
  if (!isJsonObject(stringData)) return secret;
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  const data: JsonObject = isJsonObject(secret['data']) ? secret['data'] : {};
  return {
    ...others,
    metadata: secret.metadata,
    data: { ...data, ...Object.fromEntries(encoded) },
  } as KubernetesObject;
}

/** Objects that stand twice in one release. */
export function duplicates(objects: readonly ReleaseObject[]): Problem<ReleaseErrorCode>[] {
  const seen = new Set<string>();
  return objects.flatMap(({ object, at }) => {
    const key = objectKey(referenceTo(object));
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const message = `${describeObject(referenceTo(object))} is in the release twice`;
    return [{ code: 'object-duplicate', message, remedy: 'remove or rename one', ...place(at) } as const];
  });
}

export function place(at: ReleaseObject['at']): { at?: NonNullable<ReleaseObject['at']> } {
  return at === undefined ? {} : { at };
}

export function uidOf(object: KubernetesObject | undefined): string | undefined {
  const uid = isJsonObject(object?.metadata) ? object.metadata['uid'] : undefined;
  return typeof uid === 'string' ? uid : undefined;
}
