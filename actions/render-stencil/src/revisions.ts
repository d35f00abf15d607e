import { join } from 'node:path';
import { headCommit, openCheckout } from '@slipway/git';
import type { Runner } from '@slipway/github';

type GitRunner = Pick<Runner, 'exec' | 'workspace' | 'environment'>;

/** The commit that is checked out in a folder of the workspace; undefined outside of a Git repository. */
export async function readRevision(runner: GitRunner, folder = ''): Promise<string | undefined> {
  const git = openCheckout(join(runner.workspace, folder), runner);
  return git && (await headCommit(git));
}
