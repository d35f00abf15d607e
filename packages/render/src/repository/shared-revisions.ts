import { posix } from 'node:path';
import type { Repository } from './repository.ts';

/** The folders that formations, stencils and config are read from, any of which may be a checkout of its own. */
export function contentFolders({
  directory,
  sharedDirectories,
}: Pick<Repository, 'directory' | 'sharedDirectories'>): readonly string[] {
  const content = [directory, ...sharedDirectories].flatMap(folder =>
    ['stencils', 'config'].map(name => posix.join(folder, name)),
  );
  return [...sharedDirectories, posix.join(directory, 'formations'), ...content];
}

/**
 * The commits of other checkouts that an application is read from.
 * @param paths files and folders of the workspace; those below another one that is named are left out
 * @param own the application's commit, which files of the same repository have too
 */
export async function readSharedRevisions(
  paths: readonly string[],
  own: string | undefined,
  readRevision: (path: string) => Promise<string | undefined>,
): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(paths.map(async path => [path, await readRevision(path)] as const));
  const others = found.flatMap(([path, revision]) =>
    revision === undefined || revision === own ? [] : [{ path, revision }],
  );
  const isNamed = ({ path, revision }: (typeof others)[number]): boolean =>
    others.some(other => path.startsWith(`${other.path}/`) && other.revision === revision);
  return Object.fromEntries(
    others.filter(other => !isNamed(other)).map(({ path, revision }) => [path, revision]),
  );
}
