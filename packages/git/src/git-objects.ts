import { quote, SlipwayError } from '@slipway/core';
import type { CommitObjects, TreeEntry } from './commit-files.ts';
import type { GitErrorCode } from './error-codes.ts';
import { type Git, requireId, unreadable } from './git.ts';

/** Far more than anyone reviews: 10,000 Deployments have 8 MB. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** The objects of a checkout's own repository. */
export function gitObjects(git: Git): CommitObjects {
  return {
    async listTree(commit) {
      const listing = await git.read(['ls-tree', '-r', '-z', '--full-tree', requireId(commit)]);
      if (listing === undefined) throw unreadable(`the commit ${quote(commit)}`);
      return parseTree(listing.toString());
    },
    async readBlobs(entries) {
      if (entries.length === 0) return new Map();
      const ids = `${[...new Set(entries.map(({ id }) => id))].join('\n')}\n`;
      // Sizes are read first, since Git would write out a file of any size.
      const sizes = await git.read(['cat-file', '--batch-check'], ids);
      if (sizes === undefined) throw unreadable('a file of the commit');
      refuseLarge(entries, sizes.toString());
      const contents = await git.read(['cat-file', '--batch'], ids);
      if (contents === undefined) throw unreadable('a file of the commit');
      return parseBatch(contents);
    },
  };
}

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = { '120000': 'link', '160000': 'submodule' };

/** `<mode> <type> <id>\t<path>\0`: https://git-scm.com/docs/git-ls-tree#_output_format */
export function parseTree(listing: string): TreeEntry[] {
  return listing.split('\0').flatMap((line): TreeEntry[] => {
    const tab = line.indexOf('\t');
    const [mode = '', , id = ''] = line.slice(0, tab).split(' ');
    return tab < 0 ? [] : [{ path: line.slice(tab + 1), kind: KINDS[mode] ?? 'file', id }];
  });
}

function refuseLarge(entries: readonly TreeEntry[], sizes: string): void {
  for (const line of sizes.split('\n')) {
    const [id, , size] = line.split(' ');
    if (Number(size) > MAX_FILE_BYTES) throw tooLarge(entries.find(entry => entry.id === id)?.path ?? '');
  }
}

export function tooLarge(path: string): SlipwayError<GitErrorCode> {
  return new SlipwayError<GitErrorCode>({
    code: 'commit-file-too-large',
    message: `${quote(path)} is larger than ${MAX_FILE_BYTES / 2 ** 20} MiB`,
    remedy: 'split it',
  });
}

/** `<id> <type> <size>\n<content>\n` for each object; a missing one has no size. */
export function parseBatch(contents: Buffer): Map<string, Uint8Array> {
  const blobs = new Map<string, Uint8Array>();
  for (let offset = 0; offset < contents.length; ) {
    const end = contents.indexOf('\n', offset);
    if (end < 0) break;
    const [id = '', , size] = contents.subarray(offset, end).toString('latin1').split(' ');
    offset = end + 1;
    if (size === undefined) continue;
    blobs.set(id, contents.subarray(offset, offset + Number(size)));
    offset += Number(size) + 1;
  }
  return blobs;
}
