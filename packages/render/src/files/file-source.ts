import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';

/** The files of a repository, in the workspace or at another commit. Paths are relative to its root, with `/`. */
export interface FileSource {
  /** The files in a folder and below it, sorted; none if the folder does not exist. */
  list(folder: string): Promise<readonly string[]>;
  /** The same, with names that begin with a dot, which only charts and Kustomize directories read. */
  listAll(folder: string): Promise<readonly string[]>;
  /** Undefined if the file does not exist. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The commit that a file is read from, a full id; undefined, as without this function, for a file of the workspace. */
  revisionOf?(path: string): string | undefined;
}

/** Far more than anyone reviews: 10,000 Deployments are 8 MB. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/**
 * The files below a folder of this machine. A symbolic link may point to another file in the folder; one that points out of it is refused,
 * since it could show a pull request from outside what only the runner may read.
 */
export function filesBelow(root: string): FileSource {
  const listed = (folder: string, isWanted: (name: string) => boolean): string[] => {
    const paths: string[] = [];
    collectFiles(root, folder, paths, new Set(), isWanted);
    return paths.sort();
  };
  return {
    list: async folder => listed(folder, name => !name.startsWith('.')),
    listAll: async folder => listed(folder, name => name !== '.git'),
    async read(path) {
      const inside = realPathInside(root, path);
      return inside === undefined ? undefined : orUnreadable(path, () => readRegularFile(inside, path));
    },
  };
}

/*
 * Files are read synchronously, one after another: there is no other work to do meanwhile, and for a thousand small files the promises take
 * four times as long as the system calls.
 */

function readRegularFile(real: string, path: string): Uint8Array {
  const stats = lstatSync(real);
  if (!stats.isFile())
    throw fileError('file-unreadable', path, 'is not a regular file', 'replace it with one');
  if (stats.size > MAX_FILE_BYTES)
    throw fileError('file-too-large', path, `is larger than ${MAX_FILE_BYTES / 2 ** 20} MiB`, 'split it');
  return readFileSync(real);
}

/** @param visited real paths, so that circular links end */
function collectFiles(
  root: string,
  folder: string,
  paths: string[],
  visited: Set<string>,
  isWanted: (name: string) => boolean,
): void {
  const inside = realPathInside(root, folder);
  if (inside === undefined || visited.has(inside)) return;
  visited.add(inside);
  if (!statSync(inside).isDirectory()) return;
  for (const entry of orUnreadable(folder, () => readdirSync(inside, { withFileTypes: true }))) {
    if (!isWanted(entry.name)) continue;
    const path = posix.join(folder, entry.name);
    // A folder or a link with the name of a manifest is listed, so that reading it reports what it is together with all other problems.
    const isListed = /\.(?:ya?ml|json)$/.test(entry.name);
    const isFolder = !isListed && (entry.isSymbolicLink() ? linksToFolder(root, path) : entry.isDirectory());
    if (isFolder) collectFiles(root, path, paths, visited, isWanted);
    else paths.push(path);
  }
}

function linksToFolder(root: string, path: string): boolean {
  const inside = realPathInside(root, path);
  return inside !== undefined && statSync(inside).isDirectory();
}

/** The path with all links resolved, or undefined if it does not exist. @throws SlipwayError `file-outside` */
export function realPathInside(root: string, path: string): string | undefined {
  const lexical = join(root, path);
  if (!isInside(root, lexical)) throw outside(path);
  return orUnreadable(path, () => {
    try {
      const real = realpathSync.native(lexical);
      if (!isInside(realpathSync.native(root), real)) throw outside(path);
      return real;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  });
}

/** Turns errors of the file system (no permission, circular links, names that are too long) into a SlipwayError. */
function orUnreadable<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof SlipwayError) throw cause;
    throw fileError('file-unreadable', path, 'cannot be read', 'check what it is and its permissions', cause);
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

export function outside(path: string): SlipwayError<RenderErrorCode> {
  return fileError(
    'file-outside',
    path,
    'points out of the folder that it belongs to',
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
