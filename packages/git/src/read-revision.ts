import { join } from 'node:path';
import { headCommit } from './commits.ts';
import { type CheckoutOptions, openCheckout } from './find-checkout.ts';

/** The commit that is checked out in a folder of the workspace; undefined outside of a Git repository. */
export async function readRevision(options: CheckoutOptions, folder = ''): Promise<string | undefined> {
  const git = openCheckout(join(options.workspace, folder), options);
  return git && (await headCommit(git));
}
