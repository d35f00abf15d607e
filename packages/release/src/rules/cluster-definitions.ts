import type { ClusterClient } from '@slipway/cluster';
import type { KubernetesObject } from '@slipway/core';

/** The definitions of the custom resources among the objects, as the cluster has them: policies match them by what they say. */
export async function clusterDefinitions(
  objects: readonly { readonly object: KubernetesObject }[],
  client: ClusterClient,
): Promise<KubernetesObject[]> {
  const { definitionsOfOpenApi, isBuiltInKind } = await import('@slipway/policy');
  const custom = objects.filter(
    ({ object }) => !isBuiltInKind(client.kubernetesVersion, object.apiVersion, object.kind),
  );
  const versions = [...new Set(custom.map(({ object }) => object.apiVersion))];
  const documents = await Promise.all(
    versions.map(async apiVersion => [apiVersion, await client.openApi(apiVersion)] as const),
  );
  return documents.flatMap(([apiVersion, document]) =>
    document === undefined ? [] : definitionsOfOpenApi(document, apiVersion),
  );
}
