import { defined, isJsonObject, type JsonObject, type JsonValue, valueAt } from '@slipway/core';
import { objectAt, textAt } from './fields.ts';
import { type Kind, kindKey } from './kinds.ts';
import { type KubernetesObject, objectKey } from './object.ts';

/** Kinds that set the replicas of a workload, in the version in which they are asked for. */
export const AUTOSCALERS: readonly Kind[] = [
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
];

/** The field with the fewest replicas that an autoscaler keeps, and how many those are without it. */
const fewest: Readonly<Record<string, readonly [field: string, otherwise: number]>> = {
  'HorizontalPodAutoscaler.autoscaling': ['minReplicas', 1],
  // https://keda.sh/docs/2.18/reference/scaledobject-spec/#minreplicacount
  'ScaledObject.keda.sh': ['minReplicaCount', 0],
};

/** Whether it is known how an autoscaler of a kind reads its fields. */
export function isKnownAutoscaler(kind: Kind): boolean {
  return Object.hasOwn(fewest, kindKey(kind));
}

/** What an autoscaler scales, in its own namespace. */
export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/**
 * What an object scales by its `spec.scaleTargetRef`, whatever its kind is. A HorizontalPodAutoscaler must say which kind it means;
 * KEDA and its like mean a Deployment.
 */
export function scaleTargetOf(autoscaler: KubernetesObject): ScaleTarget | undefined {
  const reference = objectAt(autoscaler, 'spec', 'scaleTargetRef');
  const name = reference === undefined ? undefined : textAt(reference, 'name');
  if (reference === undefined || name === undefined || name === '') return undefined;
  const isStrict = kindKey(autoscaler) === 'HorizontalPodAutoscaler.autoscaling';
  return {
    apiVersion: textAt(reference, 'apiVersion') ?? (isStrict ? '' : 'apps/v1'),
    kind: textAt(reference, 'kind') ?? (isStrict ? '' : 'Deployment'),
    name,
  };
}

/**
 * The keys of the workloads whose replicas autoscalers among these objects set, as `keyOf` makes them.
 * @param namespace of objects that do not say theirs
 */
export function scaleTargets(objects: readonly KubernetesObject[], namespace?: string): ReadonlySet<string> {
  return new Set(
    objects.flatMap(object => {
      const target = scaleTargetOf(object);
      return target === undefined ? [] : [scaleTargetKey(object, target, namespace)];
    }),
  );
}

/** The key of what an autoscaler scales. */
export function scaleTargetKey(
  autoscaler: KubernetesObject,
  target: ScaleTarget,
  namespace?: string,
): string {
  const own = textAt(autoscaler, 'metadata', 'namespace') ?? namespace;
  return objectKey({ ...target, ...defined({ namespace: own }) });
}

/** The fewest replicas that an autoscaler keeps its target at; undefined for kinds of which that is not known. */
export function fewestReplicas(autoscaler: KubernetesObject): number | undefined {
  const [field, otherwise] = fewest[kindKey(autoscaler)] ?? [];
  if (field === undefined) return undefined;
  return Number(valueAt(autoscaler, ['spec', field]) ?? otherwise);
}

/** An object without its number of replicas, as what an autoscaler decides is not for the manifest to say. */
export function withoutReplicas(object: KubernetesObject): KubernetesObject {
  const spec: JsonValue | undefined = object['spec'];
  if (!isJsonObject(spec)) return object;
  const { replicas: _replicas, ...others }: JsonObject = spec;
  return { ...object, spec: others };
}
