import { isJsonObject, type JsonObject, type JsonValue, sha256, textMap } from '@slipway/core';
import { getBlob } from '../blobs/blobs.ts';
import { invalidAnswer } from '../http/answers.ts';
import type { RegistryClient } from '../http/client.ts';
import { childrenOf, descriptors } from '../manifests/descriptors.ts';
import { getManifest, isIndex, lookUpDigest, type Manifest, OCI_INDEX } from '../manifests/manifests.ts';
import type { Repository } from '../reference.ts';
import { platformName } from './layers.ts';

/** The image of one platform, as an index has it. */
export interface PlatformImage {
  /** Such as `linux/arm64`. */
  readonly platform: string;
  /** Its entry in an index. */
  readonly entry: JsonObject;
  /** The entries of what an index says about it: provenance and SBOMs. */
  readonly attestations: readonly JsonObject[];
  /** Those of its manifest. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** https://github.com/moby/buildkit/blob/v0.29.0/docs/attestations/attestation-storage.md */
const ATTESTATION_OF = 'vnd.docker.reference.digest';

/**
 * The images that a manifest is about, all of which the repository has: those of an index, or the image itself, whose platform its
 * config says.
 * @throws SlipwayError `image-not-found` for a part that is missing
 */
export async function readPlatformImages(
  client: RegistryClient,
  repository: Repository,
  manifest: Manifest,
): Promise<PlatformImage[]> {
  if (!isIndex(manifest.mediaType)) return [await ownImage(client, repository, manifest)];
  const entries = entriesOf(manifest, repository);
  const images = entries.flatMap(entry => {
    const platform = platformName(entry['platform']);
    return platform === undefined ? [] : [{ platform, entry }];
  });
  return await Promise.all(
    images.map(async ({ platform, entry }) => {
      const digest = String(entry['digest']);
      const attestations = entries.filter(
        ({ annotations }) => textMap(annotations ?? null)[ATTESTATION_OF] === digest,
      );
      const [child] = await Promise.all([
        getManifest(client, { ...repository, digest }),
        ...attestations.map(one => lookUpDigest(client, { ...repository, digest: String(one['digest']) })),
      ]);
      return { platform, entry, attestations, annotations: textMap(child.content['annotations'] ?? null) };
    }),
  );
}

function entriesOf(index: Manifest, { registry }: Repository): JsonObject[] {
  // Each has a digest and a size: that is what is read of it.
  childrenOf(index, registry);
  return (index.content['manifests'] as readonly JsonValue[]).filter(isJsonObject);
}

async function ownImage(
  client: RegistryClient,
  repository: Repository,
  manifest: Manifest,
): Promise<PlatformImage> {
  const [config] = descriptors([manifest.content['config'] ?? null], repository.registry);
  const content = config && parse(await getBlob(client, repository, config));
  const platform = isJsonObject(content) ? platformName(content) : undefined;
  if (!isJsonObject(content) || platform === undefined)
    throw invalidAnswer(repository.registry, 'an image whose config does not say its platform');
  const { mediaType, digest, size } = manifest;
  const fields = ['architecture', 'os', 'os.version', 'os.features', 'variant'].flatMap(key => {
    const value = content[key];
    return value === undefined || value === '' ? [] : [[key, value] as const];
  });
  return {
    platform,
    entry: { mediaType, digest, size, platform: Object.fromEntries(fields) },
    attestations: [],
    annotations: textMap(manifest.content['annotations'] ?? null),
  };
}

function parse(bytes: Buffer): JsonValue {
  try {
    return JSON.parse(bytes.toString('utf8')) as JsonValue;
  } catch {
    return null;
  }
}

/**
 * The index of some images, byte for byte as BuildKit writes it where it builds them in one go: the images first, then what is said
 * about them. https://github.com/moby/buildkit/blob/v0.29.0/exporter/containerimage/writer.go
 */
export function indexOf(
  images: readonly PlatformImage[],
  annotations: Readonly<Record<string, string>>,
): Manifest {
  const names = Object.keys(annotations).sort();
  const content: JsonObject = {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: [...images.map(({ entry }) => entry), ...images.flatMap(({ attestations }) => attestations)],
    ...(names.length === 0
      ? {}
      : { annotations: Object.fromEntries(names.map(name => [name, annotations[name] ?? ''])) }),
  };
  // Go writes these characters of a text by their numbers.
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const text = JSON.stringify(content, null, 2).replace(/[<>&\u2028\u2029]/g, escaped);
  const bytes = Buffer.from(text);
  return { mediaType: OCI_INDEX, digest: sha256(bytes), size: bytes.length, bytes, content };
}
