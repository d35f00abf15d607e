import { isJsonObject, type JsonObject, type JsonValue, quote, SlipwayError, sha256 } from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import { invalidAnswer, refusal } from '../http/answers.ts';
import type { Exchange, RegistryClient } from '../http/client.ts';
import { DIGEST_PATTERN, formatReference, type Reference, type Repository } from '../reference.ts';
import { refusedManifest } from './refused-manifest.ts';

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** All four, always: a registry answers 404 for an index when asked for manifests only. */
const ACCEPT = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(', ');

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** A manifest or index with the very bytes that its digest is taken over. */
export interface Manifest extends Descriptor {
  readonly bytes: Buffer;
  readonly content: JsonObject;
}

export function isIndex(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}

/** What a token must allow: reading only, or writing as well. */
export type Access = 'pull' | 'pull,push';

export function scopeOf(repository: Repository, access: Access): string {
  return `repository:${repository.path}:${access}`;
}

/**
 * The digest that a tag or digest names now, or undefined if the registry has nothing there. Costs one HEAD, which Docker Hub
 * does not count as a pull.
 */
export async function findDigest(
  client: RegistryClient,
  reference: Reference,
  access: Access = 'pull',
): Promise<string | undefined> {
  const answer = await client.exchange(manifestRequest('HEAD', reference, access));
  if (answer.status === 404) return undefined;
  if (answer.status !== 200)
    throw refusal(answer, reference.registry, `look up ${formatReference(reference)}`);
  const digest = answer.headers['docker-content-digest'];
  if (typeof digest === 'string' && DIGEST_PATTERN.test(digest)) return digest;
  return (await getManifest(client, reference, access)).digest;
}

/** The digest that a reference names; one that states it is taken at its word. @throws SlipwayError `image-not-found` */
export async function resolveDigest(client: RegistryClient, reference: Reference): Promise<string> {
  return reference.digest ?? (await lookUpDigest(client, reference));
}

/** The digest of what the registry has there. @throws SlipwayError `image-not-found` */
export async function lookUpDigest(client: RegistryClient, reference: Reference): Promise<string> {
  const digest = await findDigest(client, reference);
  if (digest === undefined) throw notFound(reference);
  return digest;
}

/** @throws SlipwayError `image-not-found`, `digest-mismatch`, `not-an-image` */
export async function getManifest(
  client: RegistryClient,
  reference: Reference,
  access: Access = 'pull',
): Promise<Manifest> {
  const manifest = await findManifest(client, reference, access);
  if (manifest === undefined) throw notFound(reference);
  return manifest;
}

/** The manifest, or undefined if the registry has nothing there. @throws SlipwayError `digest-mismatch`, `not-an-image` */
export async function findManifest(
  client: RegistryClient,
  reference: Reference,
  access: Access = 'pull',
): Promise<Manifest | undefined> {
  const answer = await client.exchange(manifestRequest('GET', reference, access));
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusal(answer, reference.registry, `give ${formatReference(reference)}`);
  const digest = sha256(answer.body);
  const promised = reference.digest ?? answer.headers['docker-content-digest'];
  if (promised !== undefined && promised !== digest) throw mismatch(formatReference(reference), digest);
  const mediaType = (answer.headers['content-type'] ?? '').replace(/\s*;.*$/, '');
  const content = parseContent(answer.body, mediaType, reference);
  return { mediaType, digest, size: answer.body.length, bytes: answer.body, content };
}

/** Writes a manifest verbatim, under a tag or under its digest. */
export async function putManifest(
  client: RegistryClient,
  target: Repository,
  manifest: Manifest,
  tag?: string,
): Promise<void> {
  await sendManifest(client, target, manifest, tag);
}

/** As `putManifest`, with the registry's answer. @throws SlipwayError `manifest-refused`, `repository-missing` … */
export async function sendManifest(
  client: RegistryClient,
  target: Repository,
  manifest: Manifest,
  tag?: string,
): Promise<Exchange> {
  const answer = await offerManifest(client, target, manifest, tag);
  if (isTaken(answer)) return answer;
  throw refusedManifest(answer, {
    ...target,
    ...(tag === undefined ? { digest: manifest.digest } : { tag }),
  });
}

/** As `sendManifest`, for a caller that goes on after a refusal. */
export async function offerManifest(
  client: RegistryClient,
  target: Repository,
  manifest: Manifest,
  tag?: string,
): Promise<Exchange> {
  const reference = { ...target, ...(tag === undefined ? { digest: manifest.digest } : { tag }) };
  return await client.exchange({
    ...manifestRequest('PUT', reference, 'pull,push'),
    headers: { 'content-type': manifest.mediaType, 'content-length': String(manifest.bytes.length) },
    body: manifest.bytes,
  });
}

/** Whether a registry has taken what it was offered. */
export function isTaken({ status }: Exchange): boolean {
  return status === 201 || status === 200;
}

function manifestRequest(method: 'GET' | 'HEAD' | 'PUT', reference: Reference, access: Access) {
  return {
    method,
    registry: reference.registry,
    target: `${reference.path}/manifests/${reference.digest ?? reference.tag ?? 'latest'}`,
    scopes: [scopeOf(reference, access)],
    headers: { accept: ACCEPT },
  };
}

function parseContent(bytes: Buffer, mediaType: string, reference: Reference): JsonObject {
  if (!ACCEPT.split(', ').includes(mediaType)) throw notAnImage(reference);
  let content: JsonValue;
  try {
    content = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalidAnswer(reference.registry, 'a manifest that is not JSON');
  }
  if (!isJsonObject(content)) throw invalidAnswer(reference.registry, 'a manifest that is not a JSON object');
  // A manifest that is one thing by header and another by content would mean different images to different clients.
  if (content['mediaType'] !== undefined && content['mediaType'] !== mediaType) {
    throw invalidAnswer(reference.registry, 'a manifest whose media type is not the one it states');
  }
  return content;
}

export function notAnImage(reference: Reference): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'not-an-image',
    message: `${quote(formatReference(reference))} is not a container image`,
    remedy: 'name an image of the OCI or Docker v2 format',
  });
}

export function mismatch(what: string, digest: string): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'digest-mismatch',
    message: `the content that the registry sent for ${quote(what)} has the digest ${digest}`,
    remedy: 'nothing was used; look at the registry or at the proxy before it',
  });
}

function notFound(reference: Reference): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'image-not-found',
    message: `the registry has no image ${quote(formatReference(reference))}`,
    remedy: 'check repository and tag, and that the login may read it',
  });
}
