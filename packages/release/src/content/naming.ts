import { defined, isJsonObject, textMap } from '@slipway/core';
import { describeObject, type KubernetesObject, NAMING, objectKey, referenceTo } from '@slipway/kubernetes';
import type { Naming, ResolvedObject } from '../request.ts';
import { mentionedNames } from './mentions.ts';
import { type ContentKind, podReferences } from './pod-references.ts';

/** Types of Secrets whose content a controller writes. */
const FILLED_TYPES = ['kubernetes.io/service-account-token', 'bootstrap.kubernetes.io/token'];

export function isContentKind(object: { readonly apiVersion: string; readonly kind: string }): boolean {
  return object.apiVersion === 'v1' && (object.kind === 'ConfigMap' || object.kind === 'Secret');
}

/**
 * How each ConfigMap and Secret of a release is named, by its key. It is named by its content if only typed references in pod
 * templates of the release name it, so that a change restarts those pods and a rollback finds the old content. Otherwise it keeps
 * its name, since other users would not find it.
 */
export function namings(objects: readonly ResolvedObject[]): ReadonlyMap<string, Naming> {
  const all = objects.map(({ object }) => object);
  const content = all.filter(isContentKind);
  const names = new Set(content.map(({ metadata }) => metadata.name));
  const users = Map.groupBy(all.flatMap(usesOf), ({ key }) => key);
  const mentions = Map.groupBy(
    all.flatMap(object => [...mentionedNames(object, names)].map(name => ({ name, object }))),
    ({ name }) => name,
  );
  return new Map(
    content.map(object => {
      const key = objectKey(referenceTo(object));
      const own = [...new Set((users.get(key) ?? []).map(({ user }) => user))];
      const others = (mentions.get(object.metadata.name) ?? []).map(mention => mention.object);
      const fixed = reasonToKeepName(object, own, others);
      return [key, { users: own, ...defined({ fixed }) }];
    }),
  );
}

function usesOf(object: KubernetesObject): { readonly key: string; readonly user: string }[] {
  const user = `${object.kind} ${object.metadata.name}`;
  return podReferences(object).map(({ kind, name }) => ({ key: contentKey(kind, object, name), user }));
}

/** The key of the object that a pod of `user` refers to by a name. */
export function contentKey(kind: ContentKind, user: KubernetesObject, name: string): string {
  const { namespace } = user.metadata;
  return objectKey({ apiVersion: 'v1', kind, name, ...(typeof namespace === 'string' ? { namespace } : {}) });
}

function reasonToKeepName(
  object: KubernetesObject,
  users: readonly string[],
  mentions: readonly KubernetesObject[],
): string | undefined {
  const wanted = textMap(object.metadata['annotations'] ?? null)[NAMING];
  if (wanted === 'fixed') return `${NAMING} is "fixed"`;
  if (users.length === 0) return 'no pod template refers to it';
  if (FILLED_TYPES.includes(String(object['type'])) || !hasContent(object)) return 'something else fills it';
  if (wanted === 'content') return undefined;
  const other = mentions.find(mention => mention !== object);
  return other === undefined ? undefined : `${describeObject(referenceTo(other))} also names it`;
}

function hasContent(object: KubernetesObject): boolean {
  return ['data', 'binaryData', 'stringData'].some(field => {
    const value = object[field];
    return isJsonObject(value) && Object.keys(value).length > 0;
  });
}
