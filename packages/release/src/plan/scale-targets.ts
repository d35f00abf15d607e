import type { ApiResource, ClusterClient } from '@slipway/cluster';
import { inParallel, isJsonObject, type JsonObject, valueAt } from '@slipway/core';
import { AUTOSCALERS, apiGroup, isBuiltIn, type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { unlessForbidden, unlessUnknown } from '../cluster/expected-errors.ts';
import { resourceKey } from '../cluster/live.ts';

const NONE = { items: [] };
const REPLICAS = ['spec', 'replicas'];

type Resources = ReadonlyMap<string, ApiResource>;

/** What the cluster says about the workloads of a release that can be scaled. */
export interface ScaleTargets {
  /** Where each workload has its number of replicas, by key. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** The live autoscalers in their namespaces, whoever made them. */
  readonly autoscalers: readonly KubernetesObject[];
  /** The namespaces whose autoscalers the credentials may not list. */
  readonly unknown: ReadonlySet<string>;
}

/** Reads where workloads have their replicas, and what autoscalers there are. */
export async function readScaleTargets(
  client: ClusterClient,
  objects: readonly KubernetesObject[],
  resources: Resources,
): Promise<ScaleTargets> {
  const scalable = objects.filter(object => resources.get(resourceKey(object))?.scalable === true);
  if (scalable.length === 0) return { paths: new Map(), autoscalers: [], unknown: new Set() };
  const kinds = [...new Map(scalable.map(object => [resourceKey(object), object])).values()];
  const paths = new Map<string, readonly string[]>();
  const [live] = await Promise.all([
    liveAutoscalers(client, scalable),
    inParallel(kinds, async object => {
      paths.set(resourceKey(object), await pathOfReplicas(client, object, resources));
    }),
  ]);
  const pathOf = (object: KubernetesObject) => paths.get(resourceKey(object)) ?? REPLICAS;
  return { ...live, paths: new Map(scalable.map(object => [keyOf(object), pathOf(object)])) };
}

async function liveAutoscalers(
  client: ClusterClient,
  scalable: readonly KubernetesObject[],
): Promise<Pick<ScaleTargets, 'autoscalers' | 'unknown'>> {
  const namespaces = new Set(scalable.map(({ metadata }) => String(metadata['namespace'])));
  const queries = [...namespaces].flatMap(namespace => AUTOSCALERS.map(kind => ({ ...kind, namespace })));
  const unknown = new Set<string>();
  const lists = await inParallel(queries, async query => {
    const list = await unlessForbidden(unlessUnknown(client.list(query)).then(found => found ?? NONE));
    if (list === undefined) unknown.add(query.namespace);
    return list?.items ?? [];
  });
  return { autoscalers: lists.flat(), unknown };
}

/** The definition of a custom kind says where its number is; without the right to read it, it is where nearly all have it. */
async function pathOfReplicas(
  client: ClusterClient,
  object: KubernetesObject,
  resources: Resources,
): Promise<readonly string[]> {
  const resource = resources.get(resourceKey(object));
  if (resource === undefined || isBuiltIn(object.apiVersion)) return REPLICAS;
  const definition = await unlessForbidden(
    client.get({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: `${resource.resource}.${apiGroup(object.apiVersion)}`,
    }),
  );
  const versions = valueAt(definition ?? {}, ['spec', 'versions']);
  const version = (Array.isArray(versions) ? versions : [])
    .filter(isJsonObject)
    .find(({ name }) => name === object.apiVersion.slice(apiGroup(object.apiVersion).length + 1));
  return parsePath(version) ?? REPLICAS;
}

/** `.spec.replicas`: a JSON path without arrays: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#scale-subresource */
function parsePath(version: JsonObject | undefined): readonly string[] | undefined {
  const path = valueAt(version ?? {}, ['subresources', 'scale', 'specReplicasPath']);
  return typeof path === 'string' && path.startsWith('.') ? path.slice(1).split('.') : undefined;
}
