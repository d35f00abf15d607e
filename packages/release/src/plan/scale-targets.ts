import type { ApiResource, ClusterClient } from '@slipway/cluster';
import { inParallel, isJsonObject, type JsonObject, valueAt } from '@slipway/core';
import {
  AUTOSCALERS,
  apiGroup,
  isBuiltIn,
  type KubernetesObject,
  keyOf,
  scaleTargets,
} from '@slipway/kubernetes';
import { unlessForbidden, unlessUnknown } from '../cluster/expected-errors.ts';
import { resourceKey } from '../cluster/live.ts';
import type { ScaleTargets } from '../objects/autoscaling.ts';

const NONE = { items: [] };
const REPLICAS = ['spec', 'replicas'];

type Resources = ReadonlyMap<string, ApiResource>;

/**
 * The workloads of a release that an autoscaler targets: one of the release, or a live one, whoever made it. Manifests need not say a
 * number of replicas for that: it may just have been left to the autoscaler.
 */
export async function readScaleTargets(
  client: ClusterClient,
  objects: readonly KubernetesObject[],
  resources: Resources,
): Promise<ScaleTargets> {
  const scalable = objects.filter(object => resources.get(resourceKey(object))?.scalable === true);
  if (scalable.length === 0) return new Map();
  const { autoscalers, unknown } = await liveAutoscalers(client, scalable);
  const targets = scaleTargets([...objects, ...autoscalers]);
  const scaled = scalable.filter(object => targets.has(keyOf(object)) || isLeftOpen(object, unknown));
  const paths = new Map<string, readonly string[]>();
  await inParallel(
    [...new Map(scaled.map(object => [resourceKey(object), object])).values()],
    async object => {
      paths.set(resourceKey(object), await pathOfReplicas(client, object, resources));
    },
  );
  return new Map(scaled.map(object => [keyOf(object), paths.get(resourceKey(object)) ?? REPLICAS]));
}

/** Whether a manifest says no number of replicas in a namespace whose autoscalers may not be listed: one of them may set it. */
function isLeftOpen(object: KubernetesObject, unknown: ReadonlySet<string>): boolean {
  return unknown.has(String(object.metadata['namespace'])) && valueAt(object, REPLICAS) === undefined;
}

/** @returns also the namespaces whose autoscalers the credentials may not list */
async function liveAutoscalers(
  client: ClusterClient,
  scalable: readonly KubernetesObject[],
): Promise<{ readonly autoscalers: readonly KubernetesObject[]; readonly unknown: ReadonlySet<string> }> {
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
