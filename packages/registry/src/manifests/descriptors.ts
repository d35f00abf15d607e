import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { invalidAnswer } from '../http/answers.ts';
import { DIGEST_PATTERN } from '../reference.ts';
import type { Descriptor, Manifest } from './manifests.ts';

/** More children or layers than any real image has; a manifest is foreign data. */
const MAX_DESCRIPTORS = 1000;

/** The manifests that an index names. */
export function childrenOf(index: Manifest, registry: string): Descriptor[] {
  return descriptors(index.content['manifests'], registry);
}

/** The blobs that an image needs: its config and its layers, each once, without those that are kept elsewhere by design. */
export function blobsOf(image: Manifest, registry: string): Descriptor[] {
  const all = descriptors([image.content['config'] ?? null, ...list(image.content['layers'])], registry);
  const needed = all.filter(({ mediaType }) => !isForeign(mediaType));
  return [...new Map(needed.map(blob => [blob.digest, blob])).values()];
}

/** The layers of an image, from the lowest up. */
export function layersOf(image: Manifest, registry: string): Descriptor[] {
  return descriptors(image.content['layers'], registry);
}

/** Layers of Windows base images, which registries refuse to hold. */
function isForeign(mediaType: string): boolean {
  return mediaType.includes('.nondistributable.') || mediaType.includes('.foreign.');
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** The parts that a manifest names. @throws SlipwayError `registry-answer-invalid` */
export function descriptors(value: JsonValue | undefined, registry: string): Descriptor[] {
  const items = list(value);
  if (items.length > MAX_DESCRIPTORS) throw invalidAnswer(registry, 'a manifest that names too many parts');
  return items.map(item => {
    const descriptor = isJsonObject(item) ? toDescriptor(item) : undefined;
    if (descriptor === undefined)
      throw invalidAnswer(registry, 'a manifest whose parts have no digest or size');
    return descriptor;
  });
}

function toDescriptor({ mediaType, digest, size }: JsonObject): Descriptor | undefined {
  const isValid =
    typeof mediaType === 'string' &&
    typeof digest === 'string' &&
    DIGEST_PATTERN.test(digest) &&
    typeof size === 'number' &&
    Number.isSafeInteger(size) &&
    size >= 0;
  return isValid ? { mediaType, digest, size } : undefined;
}
