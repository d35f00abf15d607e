import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { type Position, quote, SlipwayError } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { realPathInside } from '../files/file-source.ts';

/** A path that a file of the repository names, and where it does. */
export interface NamedPath {
  /** Relative to the workspace. */
  readonly path: string;
  readonly at: Position;
}

/** Whether a path leads to a folder or a file of the workspace. @throws SlipwayError `file-outside`, `source-missing` */
export function kindOfPath(workspace: string, { path, at }: NamedPath): 'folder' | 'file' {
  const real = placed(at, () => realPathInside(workspace, path));
  if (real === undefined) throw problem('source-missing', at, `there is no ${quote(path)} in the workspace`);
  if (relative(realpathSync.native(workspace), real).split(sep).includes('.git'))
    throw problem('file-outside', at, `${quote(path)} belongs to Git, not to the repository's files`);
  const stats = statSync(real);
  if (stats.isDirectory()) return 'folder';
  if (stats.isFile()) return 'file';
  throw problem('file-unreadable', at, `${quote(path)} is no regular file`);
}

/**
 * Refuses a folder in which a link leads out of the workspace, or which holds what is no file: a tool that reads all of it would
 * follow the one and wait for ever for the other. Git's own folder holds logins and is none that a tool is shown.
 */
export function refuseStrays(workspace: string, { path, at }: NamedPath): void {
  walk(workspace, path, at, new Set());
}

function walk(workspace: string, folder: string, at: Position, visited: Set<string>): void {
  const real = placed(at, () => realPathInside(workspace, folder));
  if (real === undefined || visited.has(real)) return;
  visited.add(real);
  for (const name of readdirSync(real)) {
    const path = posix.join(folder, name);
    if (name === '.git')
      throw problem(
        'file-outside',
        at,
        `${quote(path)} would be read too; put the chart into a folder of its own`,
      );
    const stats = lstatSync(join(real, name));
    const isFolder = stats.isSymbolicLink()
      ? kindOfPath(workspace, { path, at }) === 'folder'
      : stats.isDirectory();
    if (isFolder) walk(workspace, path, at, visited);
    else if (!stats.isSymbolicLink() && !stats.isFile())
      throw problem('file-unreadable', at, `${quote(path)} is no regular file`);
  }
}

/** The problem of a path, at the place that names it. */
function placed<Result>(at: Position, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const [first, ...others] = error.problems;
    if (first === undefined) throw error;
    throw new SlipwayError([{ ...first, at }, ...others], { cause: error });
  }
}

function problem(code: RenderErrorCode, at: Position, message: string): SlipwayError<RenderErrorCode> {
  const remedy =
    code === 'source-missing' ? { remedy: 'mend the path, or check the repository out first' } : {};
  return new SlipwayError<RenderErrorCode>({ code, at, message, ...remedy });
}
