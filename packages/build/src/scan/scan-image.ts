import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { isJsonObject, type JsonObject, type JsonValue, type Problem, quote } from '@slipway/core';
import type { BuildErrorCode } from '../error-codes.ts';
import type { Needle } from './needles.ts';
import { searchBytes } from './search.ts';
import { readTar } from './tar.ts';

export interface ScannedBlob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Where the parts of an image are read from: the registry that it was pushed to. */
export interface ImageSource {
  manifest(digest: string): Promise<JsonObject>;
  /** Passes the blob's bytes to `consume`, again from the beginning if the transfer breaks off. */
  blob<Result>(blob: ScannedBlob, consume: (content: Readable) => Promise<Result>): Promise<Result>;
}

/** Where in an image a secret was found: the path of a file, or a word for the config. */
export interface SecretLocation {
  readonly secret: string;
  readonly blob: string;
  readonly path: string;
}

/**
 * Looks for build secrets in an image: in its config, which has the arguments and the history of commands, and in every file of
 * every layer, including files that a later layer removes. It does not find what the Dockerfile compressed or encrypted.
 */
export async function scanImage(
  digest: string,
  source: ImageSource,
  needles: readonly Needle[],
): Promise<SecretLocation[]> {
  if (needles.length === 0) return [];
  const { manifests, config, layers } = await source.manifest(digest);
  const locations: SecretLocation[] = [];
  for (const child of blobs(manifests)) locations.push(...(await scanImage(child.digest, source, needles)));
  for (const blob of blobs(config === undefined ? [] : [config]))
    locations.push(
      ...(await source.blob(blob, content => scanFile(content, '(config and history)', blob, needles))),
    );
  for (const blob of blobs(layers))
    locations.push(...(await source.blob(blob, content => scanLayer(content, blob, needles))));
  return locations;
}

async function scanLayer(
  content: Readable,
  blob: ScannedBlob,
  needles: readonly Needle[],
): Promise<SecretLocation[]> {
  // A blob that is not a layer, such as a provenance, is searched as one file.
  if (!blob.mediaType.includes('tar')) return await scanFile(content, `(${blob.mediaType})`, blob, needles);
  const locations: SecretLocation[] = [];
  for await (const entry of readTar(decompressed(content, blob.mediaType)))
    locations.push(...(await scanFile(entry.content, entry.path, blob, needles)));
  return locations;
}

async function scanFile(
  content: AsyncIterable<Buffer>,
  path: string,
  blob: ScannedBlob,
  needles: readonly Needle[],
): Promise<SecretLocation[]> {
  const found = await searchBytes(withPath(path, content), needles);
  return [...found].map(secret => ({ secret, blob: blob.digest, path }));
}

/** The name of a file may be a secret too. */
async function* withPath(path: string, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from(`${path}\0`);
  yield* content;
}

function decompressed(content: Readable, mediaType: string): AsyncIterable<Buffer> {
  const decoder = mediaType.endsWith('zstd')
    ? createZstdDecompress()
    : /gzip$/.test(mediaType)
      ? createGunzip()
      : undefined;
  if (decoder === undefined) return content;
  content.on('error', error => decoder.destroy(error));
  return content.pipe(decoder);
}

function blobs(value: JsonValue | undefined): ScannedBlob[] {
  const items = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  return items.flatMap(item => {
    const { mediaType, digest, size } = isJsonObject(item) ? item : {};
    const isBlob = typeof mediaType === 'string' && typeof digest === 'string' && typeof size === 'number';
    return isBlob ? [{ mediaType, digest, size }] : [];
  });
}

/** The problem of a secret in an image. It says where the secret is, and never what it is. */
export function secretProblem(
  service: string,
  image: string,
  { secret, blob, path }: SecretLocation,
): Problem<BuildErrorCode> {
  return {
    code: 'secret-in-image',
    message: `the image of ${quote(service)} contains the build secret ${quote(secret)} in ${quote(path)} of ${blob}`,
    remedy: `replace the secret, as everyone who may read the registry can pull ${image}, and change the Dockerfile so that it only reads the secret; nothing was tagged`,
  };
}
