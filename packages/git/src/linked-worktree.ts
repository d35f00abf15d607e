import { type CheckoutOptions, findCheckout } from './find-checkout.ts';
import { openGit, requireId, unreadable } from './git.ts';

/**
 * Writes the files of a commit into a folder that is a checkout of its own and shares the history of the job's. A symbolic link becomes
 * a file with the path that it leads to, so that a commit of a stranger leads nowhere.
 * @param commit a full id that the checkout has
 * @param folder absolute; it must not exist
 * @throws SlipwayError `commit-unreadable`
 */
export async function addWorktree(options: CheckoutOptions, commit: string, folder: string): Promise<void> {
  const checkout = findCheckout(options.workspace, options.workspace);
  const id = requireId(commit);
  const added =
    checkout &&
    (await openGit({ ...options, checkout }).read([
      ...['worktree', 'add', '--quiet', '--detach', '--no-checkout'],
      ...[folder, id],
    ]));
  const linked = openGit({ ...options, checkout: folder });
  const written = added && (await linked.read(['-c', 'core.symlinks=false', 'reset', '--quiet', '--hard']));
  if (written === undefined) throw unreadable(`the commit ${id}`);
}

/** Takes away what `addWorktree` made. What cannot be removed is left to the runner, which empties its temporary folder. */
export async function removeWorktree(options: CheckoutOptions, folder: string): Promise<void> {
  const checkout = findCheckout(options.workspace, options.workspace);
  if (checkout !== undefined)
    await openGit({ ...options, checkout }).read(['worktree', 'remove', '--force', folder]);
}
