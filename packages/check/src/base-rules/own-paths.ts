import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { History } from './history.ts';

/** Paths that were asked for, sorted by the repository that they belong to. */
export interface OwnedPaths {
  /** In the repository that is checked: relative to the workspace, with `/`. */
  readonly own: readonly string[];
  /** Elsewhere, such as in a second checkout of the workflow, which the pull request cannot change: as they were given. */
  readonly foreign: readonly string[];
}

export async function ownPaths(
  paths: readonly string[],
  history: History,
  workspace: string,
): Promise<OwnedPaths> {
  const inside = paths.map(path => relative(workspace, resolve(workspace, path)).split(sep).join('/'));
  const owned = await Promise.all(inside.map(async path => !leadsOut(path) && (await history.owns(path))));
  return {
    own: inside.filter((_, index) => owned[index]),
    foreign: paths.filter((_, index) => !owned[index]),
  };
}

/** @param path relative to the workspace, or absolute */
export function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path);
}
