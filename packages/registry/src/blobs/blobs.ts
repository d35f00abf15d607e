import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sha256 } from '@slipway/core';
import { invalidAnswer, refusal } from '../http/answers.ts';
import { complete, MAX_DOCUMENT_BYTES, type RegistryClient } from '../http/client.ts';
import { type Descriptor, mismatch } from '../manifests/manifests.ts';
import type { Repository } from '../reference.ts';
import { blobRequest, hasBlob } from './lookup.ts';
import type { BlobSource } from './reader.ts';
import { blobInMemory, blobInRepository } from './sources.ts';
import { type Upload, uploadBlob } from './upload.ts';
import { startUpload } from './upload-requests.ts';
import { verifyDigest } from './verify-digest.ts';

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
  const answer = await client.whileStreaming(() => client.retry(repository.registry, transfer));
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
  await sendBlob(client, target, blob, blobInMemory(bytes));
  return blob;
}

/** Uploads a blob of any size unless the registry has it. @throws SlipwayError `digest-mismatch` */
export async function sendBlob(
  client: RegistryClient,
  target: Repository,
  blob: Descriptor,
  source: BlobSource,
): Promise<void> {
  if (await hasBlob(client, target, blob)) return;
  await upload({ client, target, blob, source });
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
  const content = blobInRepository(client, source, blob);
  if (source.registry !== target.registry) return await sendBlob(client, target, blob, content);
  const mount = { blob, from: source };
  const answer = await client.retry(target.registry, () => startUpload(client, target, mount));
  if (answer.status !== 201) await upload({ client, target, blob, source: content });
}

async function upload(blob: Upload): Promise<void> {
  const answer = await blob.client.whileStreaming(() => uploadBlob(blob));
  const { registry, path } = blob.target;
  if (answer.status !== 201)
    throw refusal(answer, registry, `take the blob ${blob.blob.digest} into ${path}`);
}
