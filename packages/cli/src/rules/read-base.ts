import type { BaseCommit } from '@slipway/check';
import { quote, SlipwayError } from '@slipway/core';
import { findCheckout, openGit, resolveRevision } from '@slipway/git';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';

/**
 * The commit that a revision names in the checkout that the program was called in.
 * @param workspace absolute
 * @throws SlipwayError `revision-unknown`
 */
export async function readBase(
  revision: string,
  workspace: string,
  { folder, exec, environment }: Machine,
): Promise<BaseCommit> {
  const checkout = findCheckout(folder, workspace) ?? findCheckout(workspace, workspace);
  const git = checkout === undefined ? undefined : openGit({ exec, checkout, environment });
  const commit = git && (await resolveRevision(git, revision));
  if (commit !== undefined) return { kind: 'commit', commit };
  throw new SlipwayError<CliErrorCode>({
    code: 'revision-unknown',
    message:
      git === undefined
        ? `${quote(revision)} cannot be compared with, as there is no checkout here`
        : `${quote(revision)} is not a commit, branch or tag of this checkout`,
    remedy:
      git === undefined ? 'run the command in a Git repository' : 'name one that it has, or fetch it first',
  });
}
