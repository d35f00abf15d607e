import { isJsonObject, type KubernetesObject, objectKey, referenceTo } from '@slipway/core';

export function keyOf(object: KubernetesObject): string {
  return objectKey(referenceTo(object));
}

export function uidOf(object: KubernetesObject | undefined): string | undefined {
  const uid = isJsonObject(object?.metadata) ? object.metadata['uid'] : undefined;
  return typeof uid === 'string' ? uid : undefined;
}
