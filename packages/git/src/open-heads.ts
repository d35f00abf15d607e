import { join, relative, sep } from 'node:path';
import { type CommitFiles, commitFiles } from './commit-files.ts';
import { headCommit } from './commits.ts';
import { filesIn } from './files-in.ts';
import { type CheckoutOptions, findCheckout } from './find-checkout.ts';
import { openGit } from './git.ts';
import { gitObjects } from './git-objects.ts';

/**
 * Opens the commits that are checked out in the workspace, each once.
 * @returns gives the files of the commit that is checked out where a path of the workspace is, by their paths in the workspace;
 *   undefined outside of a checkout
 */
export function openHeads(options: CheckoutOptions): (path: string) => Promise<CommitFiles | undefined> {
  const known = new Map<string, Promise<CommitFiles | undefined>>();
  return async path => {
    const checkout = findCheckout(join(options.workspace, path), options.workspace);
    if (checkout === undefined) return undefined;
    const files = known.get(checkout) ?? filesOfHead(checkout, options);
    known.set(checkout, files);
    return await files;
  };
}

async function filesOfHead(checkout: string, options: CheckoutOptions): Promise<CommitFiles | undefined> {
  const git = openGit({ ...options, checkout });
  const head = await headCommit(git);
  if (head === undefined) return undefined;
  const folder = relative(options.workspace, checkout).split(sep).join('/');
  return filesIn(folder, await commitFiles(gitObjects(git), head));
}
