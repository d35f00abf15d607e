import { type Git, requireId } from './git.ts';

/** The files that differ between two commits, renamed ones under both names; undefined if the checkout lacks one of the two. */
export async function changedPaths(
  git: Git,
  from: string,
  to: string,
): Promise<readonly string[] | undefined> {
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-ext-diff', '--no-textconv'];
  const listing = await git.read([...args, requireId(from), requireId(to)]);
  return listing
    ?.toString()
    .split('\0')
    .filter(path => path !== '');
}
