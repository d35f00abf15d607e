import { type FileSource, isInside } from '../files/file-source.ts';
import type { PassedConfig } from './passed-config.ts';

/**
 * The files of the commit, and those of the other checkouts that passed with it. A checkout that was made since then hides no file of
 * the commit.
 */
export function withOtherCheckouts(
  committed: FileSource,
  others: FileSource,
  sharedRevisions: PassedConfig['sharedRevisions'],
): FileSource {
  const shared = Object.keys(sharedRevisions);
  const isShared = (path: string): boolean => shared.some(folder => isInside(folder, path));
  const listed = async (folder: string, list: 'list' | 'listAll'): Promise<readonly string[]> => {
    const own = isShared(folder) ? await others[list](folder) : [];
    if (own.length > 0) return own;
    const inside = shared.filter(other => other !== folder && isInside(folder, other));
    const rest = (await committed[list](folder)).filter(path => !inside.some(of => isInside(of, path)));
    const found = await Promise.all(inside.map(other => others[list](other)));
    return [...rest, ...found.flat()].sort();
  };
  return {
    list: folder => listed(folder, 'list'),
    listAll: folder => listed(folder, 'listAll'),
    read: async path =>
      (isShared(path) ? await others.read(path) : undefined) ?? (await committed.read(path)),
    revisionOf: path => committed.revisionOf?.(path),
  };
}
