import { createHash } from 'node:crypto';

/**
 * Whether a file of the work tree is what a commit has. Git itself writes CR and LF where it is told to (`eol=crlf`, `core.autocrlf`),
 * except in what it takes for binary.
 * @param id of the blob, by SHA-1 or, in a repository of that format, by SHA-256
 */
export function isContentOf(id: string, content: Uint8Array): boolean {
  if (blobId(content, id) === id) return true;
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (text.includes(0) || !text.includes('\r\n')) return false;
  return blobId(Buffer.from(text.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'), id) === id;
}

/** https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function blobId(content: Uint8Array, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex');
}
