import type { RepositoryFiles } from '../../look/repository-files.ts';

/** So many files of a program are searched; what starts it is near its root. */
const MOST = 400;

/** The first match in files whose path matches, the nearest files first. */
export async function findText(
  files: RepositoryFiles,
  path: RegExp,
  text: RegExp,
): Promise<{ readonly path: string; readonly match: RegExpExecArray } | undefined> {
  for (const candidate of nearest(files, path)) {
    const match = text.exec((await files.readText(candidate)) ?? '');
    if (match !== null) return { path: candidate, match };
  }
  return undefined;
}

/** Paths that match, by depth and then by name; tests and examples are left out. */
export function nearest(files: RepositoryFiles, path: RegExp): readonly string[] {
  const depth = (one: string): number => one.split('/').length;
  return files.paths
    .filter(one => path.test(one) && !/(?:^|\/)(?:tests?|spec|examples?|__tests__)\//.test(one))
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
    .slice(0, MOST);
}

/** The text of a file, empty if there is none. */
export async function textOf(files: RepositoryFiles, path: string): Promise<string> {
  return (await files.readText(path)) ?? '';
}
