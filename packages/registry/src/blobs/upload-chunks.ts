import { invalidAnswer } from '../http/answers.ts';
import type { Exchange } from '../http/client.ts';
import { scopeOf } from '../manifests/manifests.ts';
import { hasBlob } from './lookup.ts';
import { type BlobReader, beginning, type Checkpoint, openBlob } from './reader.ts';
import type { Upload } from './upload.ts';
import { closingAddress, sendPart, startUpload, uploadAddress } from './upload-requests.ts';

/** Answers of registries that take a blob in one piece only. */
const WITHOUT_CHUNKS = new Set([400, 404, 405, 411, 415, 416, 501]);

/** How often an upload starts again because the registry forgot its progress. */
const MAX_SESSIONS = 4;

/**
 * Sends a blob in pieces. After a cut the registry is asked how much it has, and the rest follows; bytes that it has are read
 * again from the source only as far as the digest needs them.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks
 * @returns the registry's last answer, or that it takes no pieces
 */
export async function uploadInChunks(upload: Upload): Promise<Exchange | 'no-chunks'> {
  for (let sessions = 0; sessions < MAX_SESSIONS; sessions++) {
    const result = await uploadOnce(upload);
    if (result !== 'lost') return result;
  }
  throw invalidAnswer(upload.target.registry, 'uploads that it keeps forgetting');
}

async function uploadOnce(upload: Upload): Promise<Exchange | 'no-chunks' | 'lost'> {
  const { client, target } = upload;
  const start = await client.retry(target.registry, () => startUpload(client, target));
  if (start.status !== 202) return start;
  const session = new Session(upload, start);
  try {
    const refusal = await sendAll(upload, session);
    if (session.isLost) return 'lost';
    if (refusal === undefined) return await finish(upload, session.address);
    return WITHOUT_CHUNKS.has(refusal.status) ? 'no-chunks' : refusal;
  } finally {
    session.close();
  }
}

/** @returns the answer of a registry that does not take a piece, if there is one; a session may also be lost */
async function sendAll({ client, target }: Upload, session: Session): Promise<Exchange | undefined> {
  let isLoginNew = false;
  while (!session.isComplete) {
    const answer = await client.retry(target.registry, () => session.sendNext());
    if (session.isLost) return undefined;
    if (answer.status === 401 && !isLoginNew) isLoginNew = true;
    else if (answer.status !== 202) return answer;
  }
  return undefined;
}

/** An upload that the registry has begun, and how far it has come. */
class Session {
  readonly #upload: Upload;
  readonly #chunkBytes: number;
  #address: string | URL;
  #checkpoint: Checkpoint = beginning();
  #reader: BlobReader | undefined;
  /** How much the registry has; unknown while an answer is missing. */
  #taken: number | undefined = 0;
  /** The registry cannot say how much it has. */
  isLost = false;

  constructor(upload: Upload, start: Exchange) {
    this.#upload = upload;
    this.#chunkBytes = Math.max(upload.client.chunkBytes, smallestChunk(start));
    this.#address = uploadAddress(start, upload.target.registry);
  }

  get address(): string | URL {
    return this.#address;
  }

  get isComplete(): boolean {
    return this.#taken === this.#upload.blob.size;
  }

  /** Sends the next piece, or, if an answer is missing, first finds out which one that is. */
  async sendNext(): Promise<Exchange> {
    const answer = this.#taken === undefined ? await this.#askAgain() : undefined;
    if (answer !== undefined && (this.isLost || this.isComplete)) return { ...answer, status: 202 };
    return await this.#send(this.#taken ?? 0);
  }

  close(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }

  async #askAgain(): Promise<Exchange> {
    this.close();
    const { client, target, blob } = this.#upload;
    const { registry } = target;
    const scopes = [scopeOf(target, 'pull,push')];
    const answer = await client.exchange({ method: 'GET', registry, target: this.#address, scopes });
    const taken = answer.status === 204 ? takenOf(answer) : undefined;
    this.#taken = taken;
    this.isLost = taken === undefined || taken < this.#checkpoint.offset || taken > blob.size;
    return answer;
  }

  async #send(offset: number): Promise<Exchange> {
    const { client, target, blob, source } = this.#upload;
    const length = Math.min(this.#chunkBytes, blob.size - offset);
    const reader = this.#reader ?? (await openBlob(blob, source, this.#checkpoint, offset));
    this.#reader = reader;
    this.#taken = undefined;
    const headers = { 'content-range': `${offset}-${offset + length - 1}` };
    const part = { method: 'PATCH', address: this.#address, length, reader, headers } as const;
    const answer = await sendPart(client, target, part);
    if (answer.status !== 202) return answer;
    this.#address = uploadAddress(answer, target.registry);
    if (takenOf(answer) === offset + length) {
      this.#taken = offset + length;
      this.#checkpoint = reader.checkpoint();
    }
    return answer;
  }
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
