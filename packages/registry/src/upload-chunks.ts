import { hasBlob } from './blob-lookup.ts';
import { type BlobReader, beginning, openBlob } from './blob-reader.ts';
import type { Exchange } from './client.ts';
import { scopeOf } from './manifests.ts';
import type { Upload } from './upload.ts';
import { closingAddress, sendPart, startUpload, uploadAddress } from './upload-requests.ts';

/** Answers of registries that take a blob in one piece only. */
const WITHOUT_CHUNKS = new Set([400, 404, 405, 411, 415, 416, 501]);

/** The registry forgot an upload, or does not say how far it came: it is begun anew, as after a cut connection. */
class UploadLostError extends Error {
  readonly code = 'ECONNABORTED';
}

/**
 * Sends a blob in pieces. After a cut the registry is asked how much it has, and the rest follows; bytes that it has are read
 * again from the source only as far as the digest needs them.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks
 */
export async function uploadInChunks(upload: Upload): Promise<Exchange | 'no-chunks'> {
  const { client, target } = upload;
  let wantsWhole = false;
  const answer = await client.retry(target.registry, async () => {
    const start = await startUpload(client, target);
    if (start.status !== 202) return start;
    const session = createSession(upload, start);
    try {
      const refusal = await sendAll(upload, session);
      wantsWhole = refusal !== undefined && WITHOUT_CHUNKS.has(refusal.status);
      return refusal ?? (await finish(upload, session.address()));
    } finally {
      session.close();
    }
  });
  return wantsWhole ? 'no-chunks' : answer;
}

type Session = ReturnType<typeof createSession>;

/** @returns the answer of a registry that does not take a piece, if there is one */
async function sendAll({ client, target }: Upload, session: Session): Promise<Exchange | undefined> {
  let isLoginNew = false;
  while (!session.isComplete()) {
    const answer = await client.retry(target.registry, session.sendNext);
    if (session.isLost()) throw new UploadLostError('the registry does not know the upload any more');
    if (answer.status === 401 && !isLoginNew) isLoginNew = true;
    else if (answer.status !== 202) return answer;
  }
  return undefined;
}

/** An upload that the registry has begun, and how far it has come. */
function createSession({ client, target, blob, source }: Upload, start: Exchange) {
  const { registry } = target;
  const chunkBytes = Math.max(client.chunkBytes, smallestChunk(start));
  let address = uploadAddress(start, registry);
  let checkpoint = beginning();
  let reader: BlobReader | undefined;
  /** How much the registry has; unknown while an answer is missing. */
  let taken: number | undefined = 0;
  let isLost = false;

  const askAgain = async (): Promise<Exchange> => {
    reader?.close();
    reader = undefined;
    const scopes = [scopeOf(target, 'pull,push')];
    const answer = await client.exchange({ method: 'GET', registry, target: address, scopes });
    taken = answer.status === 204 ? takenOf(answer) : undefined;
    isLost = taken === undefined || taken < checkpoint.offset || taken > blob.size;
    return answer;
  };
  const send = async (offset: number): Promise<Exchange> => {
    const length = Math.min(chunkBytes, blob.size - offset);
    reader ??= await openBlob(blob, source, checkpoint, offset);
    taken = undefined;
    const headers = { 'content-range': `${offset}-${offset + length - 1}` };
    const answer = await sendPart(client, target, { method: 'PATCH', address, length, reader, headers });
    if (answer.status !== 202) return answer;
    address = uploadAddress(answer, registry);
    if (takenOf(answer) === offset + length) {
      taken = offset + length;
      checkpoint = reader.checkpoint();
    }
    return answer;
  };

  return {
    address: () => address,
    isComplete: () => taken === blob.size,
    /** The registry cannot say how much it has. */
    isLost: () => isLost,
    async sendNext(): Promise<Exchange> {
      const answer = taken === undefined ? await askAgain() : undefined;
      if (answer !== undefined && (isLost || taken === blob.size)) return { ...answer, status: 202 };
      return await send(taken ?? 0);
    },
    close: () => reader?.close(),
  };
}

async function finish({ client, target, blob }: Upload, address: string | URL): Promise<Exchange> {
  const answer = await client.exchange({
    method: 'PUT',
    registry: target.registry,
    target: closingAddress(address, blob.digest),
    scopes: [scopeOf(target, 'pull,push')],
    headers: { 'content-length': '0' },
  });
  // An upload that ended although its answer was lost is unknown when it is ended again.
  const isThere = answer.status !== 201 && (await hasBlob(client, target, blob));
  return isThere ? { ...answer, status: 201 } : answer;
}

/** Bytes that a registry says it has: `Range: 0-1048575` is a mebibyte, and `0-0` is how those that have nothing put it. */
function takenOf({ headers }: Exchange): number | undefined {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(String(headers['range'] ?? ''))?.[1];
  return last === undefined ? undefined : last === '0' ? 0 : Number(last) + 1;
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks */
function smallestChunk({ headers }: Exchange): number {
  const text = String(headers['oci-chunk-min-length'] ?? '');
  return /^\d{1,12}$/.test(text) ? Number(text) : 0;
}
