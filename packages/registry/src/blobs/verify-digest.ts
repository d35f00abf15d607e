import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { type Descriptor, mismatch } from '../manifests/manifests.ts';

/**
 * Passes bytes through and fails unless they are the blob's. The last chunk is held back until the digest is known, so that a
 * forged blob never arrives complete.
 */
export function verifyDigest(blob: Descriptor): Transform {
  const hash = createHash('sha256');
  let length = 0;
  let held: Buffer | undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      length += chunk.length;
      const next = held;
      held = chunk;
      if (length > blob.size) done(mismatch(blob.digest, 'of something longer'));
      else done(null, next);
    },
    flush(done) {
      const digest = `sha256:${hash.digest('hex')}`;
      if (digest === blob.digest && length === blob.size) done(null, held);
      else done(mismatch(blob.digest, digest));
    },
  });
}
