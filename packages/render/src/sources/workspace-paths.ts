import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { changeProblems, type Position, quote, SlipwayError } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { realPathInside } from '../files/file-source.ts';

/** A path that a file of the repository names, with the position where it does. */
export interface NamedPath {
  /** Relative to the workspace. */
  readonly path: string;
  readonly at: Position;
}

/** Whether a path is a folder or a file of the workspace. @throws SlipwayError `file-outside`, `source-missing` */
export function kindOfPath(workspace: string, { path, at }: NamedPath): 'folder' | 'file' {
  const real = withPosition(at, () => realPathInside(workspace, path));
  if (real === undefined)
    throw problem('source-missing', at, `${quote(path)} does not exist in the workspace`);
  if (relative(realpathSync.native(workspace), real).split(sep).includes('.git'))
    throw problem('file-outside', at, `${quote(path)} belongs to Git and is not a file of the repository`);
  const stats = statSync(real);
  if (stats.isDirectory()) return 'folder';
  if (stats.isFile()) return 'file';
  throw problem('file-unreadable', at, `${quote(path)} is not a regular file`);
}

/**
 * Refuses a folder that contains a link out of the workspace, or something that is not a file: a tool that reads all of the folder would
 * follow the link, or wait forever for a pipe. Git's folder contains logins, which no tool may read.
 */
export function refuseStrays(workspace: string, { path, at }: NamedPath): void {
  walk(workspace, path, at, new Set());
}

function walk(workspace: string, folder: string, at: Position, visited: Set<string>): void {
  const real = withPosition(at, () => realPathInside(workspace, folder));
  if (real === undefined || visited.has(real)) return;
  visited.add(real);
  for (const name of readdirSync(real)) {
    const path = posix.join(folder, name);
    if (name === '.git')
      throw problem(
        'file-outside',
        at,
        `${quote(path)} would be read too; move the chart into a separate folder`,
      );
    const stats = lstatSync(join(real, name));
    const isFolder = stats.isSymbolicLink()
      ? kindOfPath(workspace, { path, at }) === 'folder'
      : stats.isDirectory();
    if (isFolder) walk(workspace, path, at, visited);
    else if (!stats.isSymbolicLink() && !stats.isFile())
      throw problem('file-unreadable', at, `${quote(path)} is not a regular file`);
  }
}

/** Gives the problem of a path the position that names it. */
function withPosition<Result>(at: Position, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw changeProblems(error, found => ({ ...found, at }));
  }
}

function problem(code: RenderErrorCode, at: Position, message: string): SlipwayError<RenderErrorCode> {
  const remedy =
    code === 'source-missing'
      ? { remedy: 'fix the path, or check out the repository in an earlier step' }
      : {};
  return new SlipwayError<RenderErrorCode>({ code, at, message, ...remedy });
}
