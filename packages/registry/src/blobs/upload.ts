import type { Exchange, RegistryClient } from '../http/client.ts';
import type { Descriptor } from '../manifests/manifests.ts';
import type { Repository } from '../reference.ts';
import { type BlobSource, beginning, openBlob } from './reader.ts';
import { uploadInChunks } from './upload-chunks.ts';
import { closingAddress, sendPart, startUpload, uploadAddress } from './upload-requests.ts';

/** Where a blob goes, and where its bytes are. */
export interface Upload {
  readonly client: RegistryClient;
  readonly target: Repository;
  readonly blob: Descriptor;
  readonly source: BlobSource;
}

/**
 * Sends a blob: in one request, or, if it is longer than a chunk, in several, so that after a cut it goes on where the registry
 * has it. What cannot be gone on with is sent again from the beginning.
 * @returns the registry's last answer; 201 is success
 */
export async function uploadBlob(upload: Upload): Promise<Exchange> {
  const { client, target, blob } = upload;
  if (blob.size > client.chunkBytes) {
    const answer = await uploadInChunks(upload);
    if (answer !== 'no-chunks') return answer;
  }
  const attempt = () => client.retry(target.registry, () => uploadAtOnce(upload));
  const answer = await attempt();
  // A login may run out while a blob is under way, which cannot be sent again from its middle.
  return answer.status === 401 || answer.status === 403 ? await attempt() : answer;
}

async function uploadAtOnce({ client, target, blob, source }: Upload): Promise<Exchange> {
  // At the same time, as each waits for another registry.
  const [start, opened] = await Promise.allSettled([
    startUpload(client, target),
    openBlob(blob, source, beginning()),
  ]);
  const reader = opened.status === 'fulfilled' ? opened.value : undefined;
  try {
    if (start.status === 'rejected') throw start.reason;
    if (start.value.status !== 202) return start.value;
    if (reader === undefined) throw (opened as PromiseRejectedResult).reason;
    const address = closingAddress(uploadAddress(start.value, target.registry), blob.digest);
    return await sendPart(client, target, { method: 'PUT', address, length: blob.size, reader });
  } finally {
    // After a refusal in mid-stream the rest is not read, and the connection would remain busy.
    reader?.close();
  }
}
