import { isJsonObject, type JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/**
 * A Secret with all of its content in `data`: `stringData` is write-only, so that server-side apply would neither report a
 * difference in it nor remove keys that were removed from it.
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
