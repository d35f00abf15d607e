import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sha256 } from '@slipway/core';
import { invalidAnswer, refusal } from './answers.ts';
import { complete, type Exchange, MAX_DOCUMENT_BYTES, type RegistryClient } from './client.ts';
import { type Descriptor, mismatch, scopeOf } from './manifests.ts';
import type { Repository } from './reference.ts';
import { verifyDigest } from './verify-digest.ts';
import { whileStreaming } from './young-generation.ts';

/** A small blob as a whole. @throws SlipwayError `digest-mismatch` */
export async function getBlob(
  client: RegistryClient,
  repository: Repository,
  blob: Descriptor,
): Promise<Buffer> {
  if (blob.size > MAX_DOCUMENT_BYTES)
    throw invalidAnswer(repository.registry, 'a document of more than 4 MiB');
  const answer = await client.exchange({ method: 'GET', ...blobRequest(repository, blob, 'pull') });
  if (answer.status !== 200) throw refusal(answer, repository.registry, `give the blob ${blob.digest}`);
  const digest = sha256(answer.body);
  if (digest !== blob.digest) throw mismatch(blob.digest, digest);
  return answer.body;
}

/**
 * Gives a blob of any size to `consume` as a stream, and once more from the beginning when it breaks off. `consume` has to read
 * to the end.
 * @throws SlipwayError `digest-mismatch` once `consume` has read what is not the blob
 */
export async function readBlob<Result>(
  client: RegistryClient,
  repository: Repository,
  blob: Descriptor,
  consume: (content: Readable) => Promise<Result>,
): Promise<Result> {
  const transfer = async () => {
    const download = await client.open({ method: 'GET', ...blobRequest(repository, blob, 'pull') });
    if (download.statusCode !== 200) return await complete(download, repository.registry);
    const verified = verifyDigest(blob);
    try {
      const [result] = await Promise.all([consume(verified), pipeline(download, verified)]);
      return { status: 200, headers: download.headers, result };
    } finally {
      verified.destroy();
    }
  };
  const answer = await whileStreaming(() => client.retry(repository.registry, transfer));
  if ('result' in answer) return answer.result;
  throw refusal(answer, repository.registry, `give the blob ${blob.digest}`);
}

/** Uploads a small blob unless the registry has it. */
export async function putBlob(
  client: RegistryClient,
  target: Repository,
  bytes: Buffer,
): Promise<Descriptor> {
  const blob = { mediaType: 'application/octet-stream', digest: sha256(bytes), size: bytes.length };
  if (await hasBlob(client, target, blob)) return blob;
  const answer = await client.retry(target.registry, async () => {
    const start = await startUpload(client, target);
    return start.status === 202 ? await upload(client, target, start, blob, bytes) : start;
  });
  if (answer.status !== 201) throw refusal(answer, target.registry, `take the blob ${blob.digest}`);
  return blob;
}

/**
 * Makes a blob of one repository present in another: within a registry it is mounted, without a byte of it being moved;
 * otherwise it is streamed through, hashed on the way.
 */
export async function copyBlob(
  client: RegistryClient,
  source: Repository,
  target: Repository,
  blob: Descriptor,
): Promise<void> {
  if (source.registry === target.registry) {
    const answer = await client.retry(target.registry, () =>
      startUpload(client, target, { blob, from: source }),
    );
    if (answer.status === 201) return;
  } else if (await hasBlob(client, target, blob)) return;
  const answer = await whileStreaming(() =>
    client.retry(target.registry, () => streamBlob(client, source, target, blob)),
  );
  if (answer.status === 201) return;
  throw answer.by === 'source'
    ? refusal(answer, source.registry, `give the blob ${blob.digest}`)
    : refusal(answer, target.registry, `take the blob ${blob.digest}`);
}

async function hasBlob(client: RegistryClient, repository: Repository, blob: Descriptor): Promise<boolean> {
  const answer = await client.exchange({ method: 'HEAD', ...blobRequest(repository, blob, 'pull,push') });
  if (answer.status === 200) return true;
  if (answer.status === 404) return false;
  throw refusal(answer, repository.registry, `look up the blob ${blob.digest}`);
}

interface TransferAnswer extends Exchange {
  readonly by: 'source' | 'target';
}

async function streamBlob(
  client: RegistryClient,
  source: Repository,
  target: Repository,
  blob: Descriptor,
): Promise<TransferAnswer> {
  const start = await startUpload(client, target);
  if (start.status !== 202) return { ...start, by: 'target' };
  const download = await client.open({ method: 'GET', ...blobRequest(source, blob, 'pull') });
  if (download.statusCode !== 200) return { ...(await complete(download, source.registry)), by: 'source' };
  const verified = verifyDigest(blob);
  // Nothing to do about it here: a failed download also fails the upload that reads from it.
  pipeline(download, verified).catch(() => {});
  try {
    return { ...(await upload(client, target, start, blob, verified)), by: 'target' };
  } finally {
    // After a refusal in mid-stream nobody reads on, and the connection would stay busy.
    verified.destroy();
  }
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#mounting-a-blob-from-another-repository */
async function startUpload(
  client: RegistryClient,
  target: Repository,
  mount?: { readonly blob: Descriptor; readonly from: Repository },
): Promise<Exchange> {
  const query =
    mount === undefined ? '' : `?${new URLSearchParams({ mount: mount.blob.digest, from: mount.from.path })}`;
  const scopes = [
    scopeOf(target, 'pull,push'),
    ...(mount === undefined ? [] : [scopeOf(mount.from, 'pull')]),
  ];
  const response = await client.open({
    method: 'POST',
    registry: target.registry,
    target: `${target.path}/blobs/uploads/${query}`,
    scopes,
    headers: { 'content-length': '0' },
  });
  return await complete(response, target.registry);
}

async function upload(
  client: RegistryClient,
  target: Repository,
  start: Exchange,
  blob: Descriptor,
  body: Buffer | Readable,
): Promise<Exchange> {
  const response = await client.open({
    method: 'PUT',
    registry: target.registry,
    target: uploadAddress(start, target.registry, blob.digest),
    scopes: [scopeOf(target, 'pull,push')],
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(blob.size) },
    body,
  });
  return await complete(response, target.registry);
}

/** The address that an upload goes to: where the registry said, which may be relative to the registry itself. */
function uploadAddress(start: Exchange, registry: string, digest: string): string | URL {
  const { location } = start.headers;
  const base = 'http://relative.invalid';
  if (location === undefined || !URL.canParse(location, base)) {
    throw invalidAnswer(registry, 'an upload without an address');
  }
  const url = new URL(location, base);
  url.searchParams.set('digest', digest);
  return url.origin === base ? `${url.pathname}${url.search}` : url;
}

function blobRequest(repository: Repository, blob: Descriptor, access: 'pull' | 'pull,push') {
  return {
    registry: repository.registry,
    target: `${repository.path}/blobs/${blob.digest}`,
    scopes: [scopeOf(repository, access)],
  };
}
