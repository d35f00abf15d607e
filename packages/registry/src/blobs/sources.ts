import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { refusal } from '../http/answers.ts';
import { complete, type RegistryClient } from '../http/client.ts';
import type { Descriptor } from '../manifests/manifests.ts';
import type { Repository } from '../reference.ts';
import { blobRequest } from './lookup.ts';
import type { BlobSource } from './reader.ts';

/** A blob in a registry. */
export function blobInRepository(
  client: RegistryClient,
  repository: Repository,
  blob: Descriptor,
): BlobSource {
  const request = { method: 'GET' as const, ...blobRequest(repository, blob, 'pull') };
  const open = async (offset: number) => {
    const headers = offset === 0 ? {} : { range: `bytes=${offset}-` };
    const response = await client.open({ ...request, headers });
    const status = response.statusCode ?? 0;
    if (status !== 200 && status !== 206) return await complete(response, repository.registry);
    return { status, headers: response.headers, response };
  };
  return {
    async open(offset) {
      const answer = await client.retry(repository.registry, () => open(offset));
      if (!('response' in answer)) throw refusal(answer, repository.registry, `give the blob ${blob.digest}`);
      return { stream: answer.response, offset: answer.status === 206 ? offset : 0 };
    },
  };
}

/** A blob in a file of its own. */
export function blobInFile(path: string): BlobSource {
  return { open: async offset => ({ stream: createReadStream(path, { start: offset }), offset }) };
}

/** A blob that is at hand. */
export function blobInMemory(bytes: Buffer): BlobSource {
  return {
    open: async offset => ({
      stream: Readable.from([bytes.subarray(offset)], { objectMode: false }),
      offset,
    }),
  };
}
