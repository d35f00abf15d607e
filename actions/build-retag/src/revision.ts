import { realpath } from 'node:fs/promises';
import { type Git, headCommit, openCheckout } from '@slipway/git';
import type { Session } from './session.ts';

/** What is checked out; both are undefined outside of a Git repository. */
export interface Revision {
  readonly git: Git | undefined;
  readonly revision: string | undefined;
}

/** Finds the commit that is checked out, and names it in the output. */
export async function readRevision(session: Session): Promise<Revision> {
  const { runner } = session;
  const git = await openGitOf(session);
  const revision = git && (await headCommit(git));
  if (revision === undefined)
    runner.logger.info('The workspace is not a Git repository, so there is no git-revision');
  runner.setOutput('git-revision', revision ?? '');
  return { git, revision };
}

/** Git for the checkout that slipway.yaml is in, wherever a link to its folder leads. */
async function openGitOf({ runner, file }: Session): Promise<Git | undefined> {
  const [directory, workspace] = await Promise.all([realpath(file.directory), realpath(runner.workspace)]);
  return openCheckout(directory, { ...runner, workspace });
}
