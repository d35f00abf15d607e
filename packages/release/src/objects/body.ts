import { isJsonObject, type JsonObject, parsePointer, type Seal, textMap } from '@slipway/core';
import {
  DEPLOYMENT_TAG,
  isSecret,
  type KubernetesObject,
  objectKey,
  PART_OF,
  RELEASE,
} from '@slipway/kubernetes';
import type { Unseal } from '../request.ts';
import { withoutEmptyStrategy } from './claims.ts';
import { withDataOnly } from './secret-data.ts';

/** Which release changed an object last. */
export interface Stamp {
  readonly release: string;
  readonly deploymentTag?: string | undefined;
}

/** What is sent to the API server for an object: with the set's label and the stamp, and a Secret's content in `data` only. */
export function bodyOf(object: KubernetesObject, set: string, stamp: Stamp): KubernetesObject {
  const { labels, annotations } = object.metadata;
  const { deploymentTag } = stamp;
  const metadata = {
    ...object.metadata,
    labels: { ...textMap(labels ?? null), [PART_OF]: set },
    annotations: {
      ...textMap(annotations ?? null),
      [RELEASE]: stamp.release,
      ...(deploymentTag === undefined ? {} : { [DEPLOYMENT_TAG]: deploymentTag }),
    },
  };
  const body = withoutEmptyStrategy({ ...object, metadata });
  return isSecret(body) ? withDataOnly(body) : body;
}

/** The stamp of a live object, so that a comparison does not report the stamp itself as changed. */
export function stampOf(live: KubernetesObject | undefined): Stamp {
  const annotations = textMap(live?.metadata['annotations'] ?? null);
  return { release: annotations[RELEASE] ?? '0', deploymentTag: annotations[DEPLOYMENT_TAG] };
}

/** The seals of each object, by its key. */
export function sealsByObject(seals: readonly Seal[], namespace: string): Map<string, Seal[]> {
  return Map.groupBy(seals, ({ object }) => objectKey({ namespace, ...object }));
}

/** A Secret with its values; without `unseal`, with the values of the live one. */
export function unsealed(
  object: KubernetesObject,
  seals: readonly Seal[],
  live: KubernetesObject | undefined,
  unseal: Unseal | undefined,
): KubernetesObject {
  if (seals.length === 0) return object;
  return unseal === undefined ? withLiveContent(object, seals, live) : unseal(object);
}

function withLiveContent(
  object: KubernetesObject,
  seals: readonly Seal[],
  live: KubernetesObject | undefined,
): KubernetesObject {
  const whole = withDataOnly(object);
  const data: JsonObject = isJsonObject(whole['data']) ? whole['data'] : {};
  const known: JsonObject = isJsonObject(live?.['data']) ? live['data'] : {};
  const keys = seals.map(({ pointer }) => parsePointer(pointer)[1] ?? '');
  const content = keys.map(key => [key, known[key] ?? '']);
  return { ...whole, metadata: whole.metadata, data: { ...data, ...Object.fromEntries(content) } };
}
