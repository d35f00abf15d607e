import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';

/** Where a repository's files come from: the workspace, or another commit of it. Paths count from its root, with `/`. */
export interface FileSource {
  /** The files in a folder and below it, sorted; none when the folder is not there. */
  list(folder: string): Promise<readonly string[]>;
  /** Undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
}

/** Far more than etcd takes in one object (1.5 MiB), and than anybody reviews. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/**
 * The files below a folder of this machine. A symbolic link may lead to another place in it; one that leads out is refused,
 * since it could show a stranger's pull request what only the runner should see.
 */
export function filesBelow(root: string): FileSource {
  return {
    async list(folder) {
      const paths: string[] = [];
      await collectFiles(root, folder, paths);
      return paths.sort();
    },
    async read(path) {
      const inside = await realPathInside(root, path);
      if (inside === undefined) return undefined;
      const { size, isRegular } = await inspect(inside, path);
      if (!isRegular) throw fileError('file-unreadable', path, 'is no regular file', 'replace it by one');
      if (size > MAX_FILE_BYTES)
        throw fileError('file-too-large', path, `is larger than ${MAX_FILE_BYTES / 2 ** 20} MiB`, 'split it');
      return await readFile(inside);
    },
  };
}

async function collectFiles(root: string, folder: string, paths: string[]): Promise<void> {
  const inside = await realPathInside(root, folder);
  if (inside === undefined || !(await stat(inside)).isDirectory()) return;
  for (const entry of await readdir(inside, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) await collectFiles(root, path, paths);
    else paths.push(path);
  }
}

/** The path behind all links, or undefined if nothing is there. @throws SlipwayError `file-outside` */
export async function realPathInside(root: string, path: string): Promise<string | undefined> {
  const lexical = join(root, path);
  if (!isInside(root, lexical)) throw outside(path);
  try {
    const real = await realpath(lexical);
    if (!isInside(await realpath(root), real)) throw outside(path);
    return real;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isInside(folder: string, path: string): boolean {
  const steps = relative(folder, path);
  return steps !== '..' && !steps.startsWith(`..${sep}`) && !isAbsolute(steps);
}

export function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

async function inspect(real: string, path: string): Promise<{ size: number; isRegular: boolean }> {
  try {
    const stats: Stats = await lstat(real);
    return { size: stats.size, isRegular: stats.isFile() };
  } catch (cause) {
    throw fileError('file-unreadable', path, 'cannot be read', 'check its permissions', cause);
  }
}

function outside(path: string): SlipwayError<RenderErrorCode> {
  return fileError(
    'file-outside',
    path,
    'leads out of the folder that it belongs to',
    'put the file itself into the repository',
  );
}

function fileError(
  code: RenderErrorCode,
  path: string,
  what: string,
  remedy: string,
  cause?: unknown,
): SlipwayError<RenderErrorCode> {
  return new SlipwayError<RenderErrorCode>({ code, message: `${quote(path)} ${what}`, remedy }, { cause });
}
