import { dirname, relative, sep } from 'node:path';
import { headCommit } from './commits.ts';
import { type CheckoutOptions, findCheckout } from './find-checkout.ts';
import { type Git, openGit } from './git.ts';

/**
 * Whether a file is in the commit that is checked out, or in the index, of any checkout that contains it.
 * @param path absolute
 * @returns false outside of every checkout; undefined if Git cannot tell
 */
export async function isTracked(path: string, options: CheckoutOptions): Promise<boolean | undefined> {
  for (const checkout of checkoutsAbove(path, options.workspace)) {
    const name = relative(checkout, path).split(sep).join('/');
    const isHere = await isTrackedIn(openGit({ ...options, checkout }), name);
    if (isHere !== false) return isHere;
  }
  return false;
}

/** A repository may be inside of another one, which may have had the same file before. */
function checkoutsAbove(path: string, workspace: string): string[] {
  const checkout = findCheckout(dirname(path), workspace);
  return checkout === undefined ? [] : [checkout, ...checkoutsAbove(checkout, workspace)];
}

async function isTrackedIn(git: Git, path: string): Promise<boolean | undefined> {
  const index = await git.read(['ls-files', '--cached', '-z', '--', path]);
  if (index === undefined) return undefined;
  if (index.length > 0) return true;
  // Before the first commit there is no HEAD.
  if ((await headCommit(git)) === undefined) return false;
  const commit = await git.read(['ls-tree', '-z', '--full-tree', 'HEAD', '--', path]);
  return commit === undefined ? undefined : commit.length > 0;
}
