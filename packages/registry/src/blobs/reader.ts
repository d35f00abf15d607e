import { createHash, type Hash } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { isPassing } from '../http/retry.ts';
import { type Descriptor, mismatch } from '../manifests/manifests.ts';

/** Bytes of a blob from an offset on; the offset is 0 if the server does not support ranges. */
export interface OpenedBlob {
  readonly stream: Readable;
  readonly offset: number;
}

/** A source of the bytes of a blob. */
export interface BlobSource {
  open(offset: number): Promise<OpenedBlob>;
}

/** How far a blob was read, and the hash of all before that. */
export interface Checkpoint {
  readonly offset: number;
  readonly hash: Hash;
}

/** A blob on its way, of which each byte is hashed once. */
export interface BlobReader {
  /**
   * Writes the next `length` bytes. The blob's last ones are held back until its digest is known, so that a forged blob never
   * arrives complete.
   * @throws SlipwayError `digest-mismatch`
   */
  write(length: number, outgoing: Writable): Promise<void>;
  /** The checkpoint from which another reader can continue. */
  checkpoint(): Checkpoint;
  close(): void;
}

/** How often a source that broke off is opened again without a byte of progress. */
const MAX_RESUMES = 3;

export const beginning = (): Checkpoint => ({ offset: 0, hash: createHash('sha256') });

/**
 * Reads a blob from a checkpoint on, and continues if the source breaks off.
 * @param start the first byte to be written; those between are hashed only
 */
export async function openBlob(
  blob: Descriptor,
  source: BlobSource,
  from: Checkpoint,
  start: number = from.offset,
): Promise<BlobReader> {
  const hash = from.hash.copy();
  let { offset } = from;
  const pieces = await followSource(blob, source, offset);

  const read = async (limit: number): Promise<Buffer> => {
    const piece = await pieces.next(limit);
    hash.update(piece);
    offset += piece.length;
    if (offset === blob.size) requireDigest(blob, hash, pieces.wasResumed());
    return piece;
  };

  return {
    async write(length, outgoing) {
      while (offset < start) await read(start - offset);
      for (let left = length; left > 0; ) {
        const piece = await read(left);
        left -= piece.length;
        if (!outgoing.write(piece)) await drained(outgoing);
      }
    },
    checkpoint: () => ({ offset, hash: hash.copy() }),
    close: pieces.close,
  };
}

/** The bytes before a cut may be wrong as well, such as a proxy's error page: then everything is read again. */
function requireDigest(blob: Descriptor, hash: Hash, wasResumed: boolean): void {
  const digest = `sha256:${hash.copy().digest('hex')}`;
  if (digest === blob.digest) return;
  throw wasResumed
    ? new ConnectionClosedError('the parts do not make the blob')
    : mismatch(blob.digest, digest);
}

/** A source as one stream of bytes, whatever its connections do. */
async function followSource(blob: Descriptor, source: BlobSource, from: number) {
  let offset = from;
  let rest: Buffer = Buffer.alloc(0);
  let resumes = 0;
  let wasResumed = false;
  let isClosed = false;
  let current = await openAt(source, offset);

  const more = async (): Promise<void> => {
    const { done, value } = await current.chunks.next().catch((error: unknown) => {
      if (isClosed || !isPassing(error)) throw error;
      return { done: true, value: undefined };
    });
    if (done !== true && value !== undefined) {
      const surplus = Math.min(current.surplus, value.length);
      current.surplus -= surplus;
      rest = value.subarray(surplus);
      if (rest.length > 0) resumes = 0;
    } else {
      resumes += 1;
      wasResumed = true;
      if (resumes > MAX_RESUMES) throw mismatch(blob.digest, 'of something shorter');
      current = await openAt(source, offset);
    }
  };

  return {
    /** Between one and `limit` bytes. */
    async next(limit: number): Promise<Buffer> {
      while (rest.length === 0) await more();
      const piece = rest.subarray(0, limit);
      rest = rest.subarray(piece.length);
      offset += piece.length;
      return piece;
    },
    wasResumed: () => wasResumed,
    close(): void {
      isClosed = true;
      current.stream.destroy();
    },
  };
}

async function openAt(source: BlobSource, offset: number) {
  const opened = await source.open(offset);
  // The reader gets the error; without a reader it does not matter.
  opened.stream.on('error', () => {});
  const chunks = opened.stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | undefined>;
  return { stream: opened.stream, chunks, surplus: offset - opened.offset };
}

/** Ends with an error if the connection ends first, because the rest is not read then. */
function drained(outgoing: Writable): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const closed = () => reject(new ConnectionClosedError('the connection was closed'));
  if (outgoing.destroyed) closed();
  outgoing.once('close', closed).once('drain', resolve);
  return promise.finally(() => outgoing.off('close', closed).off('drain', resolve));
}

class ConnectionClosedError extends Error {
  readonly code = 'ECONNRESET';
}
