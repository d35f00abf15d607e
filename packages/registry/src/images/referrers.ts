import { inParallel, isJsonObject, type JsonObject, type JsonValue, sha256 } from '@slipway/core';
import { invalidAnswer, refusal } from '../http/answers.ts';
import { complete, type Exchange, type RegistryClient, type RegistryRequest } from '../http/client.ts';
import { nextPage } from '../http/next-page.ts';
import { childrenOf } from '../manifests/descriptors.ts';
import {
  findDigest,
  findManifest,
  getManifest,
  isIndex,
  type Manifest,
  OCI_INDEX,
  OCI_MANIFEST,
  putManifest,
  scopeOf,
  sendManifest,
} from '../manifests/manifests.ts';
import { tagImmutable } from '../manifests/refused-manifest.ts';
import type { Repository } from '../reference.ts';
import { copyParts, PARALLEL_TRANSFERS, repositoryOrigin } from './copy-tree.ts';

/** A signature of an SBOM of an image: more levels than these are not intended by anyone. */
const MAX_DEPTH = 3;
/** Pages of a list of referrers that are followed, so that a registry that never ends its list ends the copy. */
const MAX_PAGES = 100;
/** Tags by which cosign finds what belongs to an image, in registries of any age. https://github.com/sigstore/cosign/blob/v2.5.3/specs/SIGNATURE_SPEC.md#storage */
const COSIGN_SUFFIXES = ['.sig', '.att', '.sbom'];
/** Answers of registries that do not know the referrers API. */
const NO_LIST = 404;
const UNSUPPORTED = new Set([400, NO_LIST, 405, 501]);

/**
 * Copies what refers to an image (signatures, attestations, SBOMs), and what refers to that, by the referrers API or by the
 * tags that replace it: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
export async function copyReferrers(
  client: RegistryClient,
  image: Manifest,
  source: Repository,
  target: Repository,
): Promise<void> {
  const children = isIndex(image.mediaType) ? childrenOf(image, source.registry) : [];
  await inParallel(
    [image, ...children],
    async ({ digest }) => {
      await copyReferrersOf(client, digest, source, target, 1);
      for (const suffix of COSIGN_SUFFIXES)
        await copyTagged(client, `${tagOf(digest)}${suffix}`, source, target);
    },
    PARALLEL_TRANSFERS,
  );
}

/** `sha256-<hex>` */
function tagOf(digest: string): string {
  return digest.replace(':', '-');
}

async function copyReferrersOf(
  client: RegistryClient,
  subject: string,
  source: Repository,
  target: Repository,
  depth: number,
): Promise<void> {
  const referrers = await listReferrers(client, source, subject);
  const unlisted: JsonObject[] = [];
  for (const referrer of referrers) {
    const digest = String(referrer['digest']);
    const { manifest, isListed } = await copyReferrer(client, digest, source, target);
    if (!isListed) unlisted.push(descriptorOf(manifest));
    if (depth < MAX_DEPTH) await copyReferrersOf(client, digest, source, target, depth + 1);
  }
  if (unlisted.length > 0) await addToList(client, target, subject, unlisted);
}

/** Copies one manifest; `isListed` is whether the registry itself lists it under its subject. */
async function copyReferrer(
  client: RegistryClient,
  digest: string,
  source: Repository,
  target: Repository,
): Promise<{ readonly manifest: Manifest; readonly isListed: boolean }> {
  const manifest = await getManifest(client, { ...source, digest });
  const isThere = (await findDigest(client, { ...target, digest }, 'pull,push')) !== undefined;
  if (!isThere) await copyParts(client, manifest, repositoryOrigin(client, source), target);
  const { headers } = await sendManifest(client, target, manifest);
  return { manifest, isListed: headers['oci-subject'] !== undefined };
}

/**
 * What a list says of a manifest: taken from the manifest, since not every registry lists the right type.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
function descriptorOf({ mediaType, digest, size, content }: Manifest): JsonObject {
  const config = isJsonObject(content['config']) ? content['config'] : {};
  const own = content['artifactType'];
  const artifactType = own === undefined || own === '' ? config['mediaType'] : own;
  return {
    ...{ mediaType, digest, size },
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(content['annotations'] === undefined ? {} : { annotations: content['annotations'] }),
  };
}

function listRequest(repository: Repository, digest: string): RegistryRequest {
  return {
    method: 'GET',
    registry: repository.registry,
    target: `${repository.path}/referrers/${digest}`,
    scopes: [scopeOf(repository, 'pull')],
    headers: { accept: OCI_INDEX },
  };
}

/**
 * GitHub's registry has no such list and answers with the address of a page of its website, which limits requests: whatever an
 * address elsewhere refuses is not a list. https://github.com/artifacthub/hub/issues/4785
 */
async function askForList(client: RegistryClient, request: RegistryRequest): Promise<Exchange> {
  const answer = await client.exchange({ ...request, redirects: 'returned' });
  if (answer.status < 300 || answer.status >= 400) return answer;
  const elsewhere = await complete(await client.open(request), request.registry);
  const isRefused = elsewhere.status >= 400 && elsewhere.status < 500;
  return isRefused ? { ...elsewhere, status: NO_LIST } : elsewhere;
}

/**
 * Descriptors as the registry has them. A registry that does not keep such lists may answer with an empty one, so that the tag
 * is asked then too.
 */
async function listReferrers(
  client: RegistryClient,
  repository: Repository,
  subject: string,
): Promise<JsonObject[]> {
  const listed = await listByRegistry(client, repository, subject);
  return listed.length > 0 ? listed : await taggedList(client, repository, subject);
}

/** Empty, too, where the registry has no such list. */
async function listByRegistry(
  client: RegistryClient,
  repository: Repository,
  subject: string,
): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  let request: RegistryRequest | undefined = listRequest(repository, subject);
  for (let page = 0; request !== undefined; page++) {
    if (page === MAX_PAGES)
      throw invalidAnswer(repository.registry, `more than ${MAX_PAGES} pages of referrers`);
    const answer = await askForList(client, request);
    if (page === 0 && UNSUPPORTED.has(answer.status)) return [];
    if (answer.status !== 200) throw refusal(answer, repository.registry, `list what refers to ${subject}`);
    for (const one of readList(parse(answer.body, repository), repository)) found.push(one);
    const next = nextPage(answer.headers['link'], request);
    request = next === undefined ? undefined : { ...request, target: next };
  }
  return found;
}

/**
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 * GitLab's registry takes the tag for the digest that it is made of, and returns the image itself, whose platforms are no
 * referrers: https://github.com/oras-project/oras-go/issues/1396
 */
async function taggedList(
  client: RegistryClient,
  repository: Repository,
  subject: string,
): Promise<JsonObject[]> {
  const list = await findManifest(client, { ...repository, tag: tagOf(subject) });
  const isList = list !== undefined && isIndex(list.mediaType) && list.digest !== subject;
  return isList ? readList(list.content, repository) : [];
}

function parse(body: Buffer, { registry }: Repository): JsonObject {
  try {
    const content = JSON.parse(body.toString('utf8')) as JsonValue;
    if (isJsonObject(content)) return content;
  } catch {
    // Handled below, like every other answer that is not a list.
  }
  throw invalidAnswer(registry, 'a list of referrers that is not a JSON object');
}

function readList(content: JsonObject, { registry }: Repository): JsonObject[] {
  const items = Array.isArray(content['manifests']) ? (content['manifests'] as readonly JsonValue[]) : [];
  const manifest = { content: { manifests: items } } as unknown as Manifest;
  const valid = childrenOf(manifest, registry);
  return valid.flatMap(({ mediaType }, index) => {
    const item = items[index];
    const isKnown = mediaType === OCI_MANIFEST || isIndex(mediaType);
    return isKnown && isJsonObject(item) ? [item] : [];
  });
}

async function addToList(
  client: RegistryClient,
  target: Repository,
  subject: string,
  referrers: readonly JsonObject[],
): Promise<void> {
  const existing = await taggedList(client, target, subject);
  const missing = referrers.filter(({ digest }) => !existing.some(known => known['digest'] === digest));
  if (missing.length === 0) return;
  const content = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [...existing, ...missing] };
  const bytes = Buffer.from(JSON.stringify(content));
  const list = { mediaType: OCI_INDEX, digest: sha256(bytes), size: bytes.length, bytes, content };
  await putMovable(client, target, list, tagOf(subject));
}

async function copyTagged(
  client: RegistryClient,
  tag: string,
  source: Repository,
  target: Repository,
): Promise<void> {
  const digest = await findDigest(client, { ...source, tag });
  if (digest === undefined || digest === (await findDigest(client, { ...target, tag }, 'pull,push'))) return;
  const manifest = await getManifest(client, { ...source, digest });
  await copyParts(client, manifest, repositoryOrigin(client, source), target);
  await putMovable(client, target, manifest, tag);
}

/** Writes a tag that other tools read too, so that no other tag can replace it. @throws SlipwayError `tag-immutable` */
async function putMovable(
  client: RegistryClient,
  target: Repository,
  manifest: Manifest,
  tag: string,
): Promise<void> {
  await putManifest(client, target, manifest, tag).catch(async error => {
    const isThere = (await findDigest(client, { ...target, tag }, 'pull,push')) !== undefined;
    const remedy = "exempt the tags sha256-* from the registry's rule for immutable tags";
    throw isThere ? tagImmutable({ ...target, tag }, error, remedy) : error;
  });
}
