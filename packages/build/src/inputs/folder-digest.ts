import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sha256 } from '@slipway/core';
import type { IsIgnored } from './ignored.ts';

/**
 * A digest of the content of a folder as a builder sees it: names, contents, links and permissions, without times and owners.
 * Undefined if it contains a folder .git, which differs between checkouts.
 */
export async function digestFolder(
  folder: string,
  isIgnored: IsIgnored = () => false,
): Promise<string | undefined> {
  const lines: string[] = [];
  const isComplete = await describeFolder(folder, '', isIgnored, lines);
  return isComplete ? sha256(lines.join('\n')) : undefined;
}

async function describeFolder(
  root: string,
  folder: string,
  isIgnored: IsIgnored,
  lines: string[],
): Promise<boolean> {
  const names = (await readdir(join(root, folder))).sort();
  for (const name of names) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (isIgnored(path)) continue;
    if (name === '.git') return false;
    const state = await lstat(join(root, path));
    const mode = (state.mode & 0o777).toString(8);
    if (state.isDirectory()) {
      lines.push(JSON.stringify([path, 'folder', mode]));
      if (!(await describeFolder(root, path, isIgnored, lines))) return false;
    } else if (state.isSymbolicLink()) {
      lines.push(JSON.stringify([path, 'link', await readlink(join(root, path))]));
    } else if (state.isFile()) {
      lines.push(JSON.stringify([path, 'file', mode, await digestFile(join(root, path))]));
    }
  }
  return true;
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
