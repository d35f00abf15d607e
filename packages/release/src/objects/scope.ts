import type { ApiResource } from '@slipway/cluster';
import { isJsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/** The object with the namespace that it will have in the cluster. */
export function inNamespace(
  object: KubernetesObject,
  namespaced: boolean,
  namespace: string,
): KubernetesObject {
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

/** The release's own CustomResourceDefinition of the object's kind. */
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
