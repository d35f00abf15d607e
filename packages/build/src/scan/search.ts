import type { Needle } from './needles.ts';

/** Ids of the secrets that occur in a stream of bytes, even if a chunk ends in the middle of one. */
export async function searchBytes(
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  needles: readonly Needle[],
): Promise<Set<string>> {
  const overlap = Math.max(0, ...needles.map(({ bytes }) => bytes.length - 1));
  const found = new Set<string>();
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of content) {
    const window = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
    for (const { secret, bytes } of needles)
      if (!found.has(secret) && window.includes(bytes)) found.add(secret);
    tail = window.subarray(Math.max(0, window.length - overlap));
  }
  return found;
}
