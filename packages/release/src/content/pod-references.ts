import { isJsonObject, valueAt } from '@slipway/core';
import {
  isBuiltIn,
  type KubernetesObject,
  podSpecPath,
  podReferences as referencesIn,
  withPodReferences as withReferences,
} from '@slipway/kubernetes';

const CONTENT_KINDS = ['ConfigMap', 'Secret'] as const;

export type ContentKind = (typeof CONTENT_KINDS)[number];

/** What a pod template refers to in its own namespace. */
export interface PodReference {
  readonly kind: ContentKind;
  readonly name: string;
}

/**
 * Whether the references of an object's pods are changed to content names. Those of a bare Pod cannot be changed once it exists, and
 * for workloads of other projects it is not known whether a changed reference restarts their pods.
 */
function follows(object: KubernetesObject): boolean {
  return object.kind !== 'Pod' && isBuiltIn(object.apiVersion);
}

/** What the pod template of an object refers to. */
export function podReferences(object: KubernetesObject): PodReference[] {
  const path = follows(object) ? podSpecPath(object) : undefined;
  const spec = path === undefined ? undefined : valueAt(object, path);
  if (!isJsonObject(spec)) return [];
  return referencesIn(spec).flatMap(({ kind, name }) => {
    const content = CONTENT_KINDS.find(known => known === kind);
    return content === undefined ? [] : [{ kind: content, name }];
  });
}

/** The object with every reference of its pod template as `rename` returns it. */
export function withPodReferences(
  object: KubernetesObject,
  rename: (kind: ContentKind, name: string) => string,
): KubernetesObject {
  return follows(object) ? withReferences(object, CONTENT_KINDS, rename) : object;
}
