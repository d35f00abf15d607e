import { isJsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

export function uidOf(object: KubernetesObject | undefined): string | undefined {
  const uid = isJsonObject(object?.metadata) ? object.metadata['uid'] : undefined;
  return typeof uid === 'string' ? uid : undefined;
}
