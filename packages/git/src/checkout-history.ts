import { dirname, relative, resolve, sep } from 'node:path';
import type { CommitFiles, CommitObjects } from './commit-files.ts';
import { headCommit, isContained } from './commits.ts';
import { type CommitsBeyond, commitsBeyond } from './commits-beyond.ts';
import { filesIn } from './files-in.ts';
import { type CheckoutOptions, findCheckout } from './find-checkout.ts';
import { openGit } from './git.ts';
import { openCommit } from './open-commit.ts';
import { NAMED_COMMITS, openSharedHistory, type SharedHistory } from './shared-history.ts';
import { completeHistory } from './source-state.ts';

/** The commits of the repository that is checked out, from the checkout, fetched, or asked of a remote API. */
export interface CheckoutHistory {
  /** The folder of the checkout, absolute; undefined outside of one. */
  readonly checkout: string | undefined;
  /** The folder of the application in its repository, with forward slashes; empty for the repository itself, and undefined outside of one. */
  readonly folder: string | undefined;
  /** The commit that is checked out; undefined outside of a checkout. */
  head(): Promise<string | undefined>;
  /**
   * Whether a commit is another one or is before it in its history; undefined if no one can tell.
   * @param commit a full id, as is `head`, by default the commit that is checked out
   */
  isContained(commit: string, head?: string): Promise<boolean | undefined>;
  /** What a commit has and another one does not have, in the folder of the application; undefined if the checkout cannot tell. */
  takenBack(commit: string, other: string): Promise<CommitsBeyond | undefined>;
  /** The history of the second checkout that has a path of the workspace. */
  shared(path: string): SharedHistory;
  /** The files of a commit by their paths in the workspace, read as objects; undefined if no one has it. @param commit a full id */
  openCommit(commit: string): Promise<CommitFiles | undefined>;
}

/** The server of the repository, for commits that the checkout does not have. */
export interface RemoteHistory extends CommitObjects {
  /** Whether a commit is another one or is before it in its history. */
  isContained(commit: string, head: string): Promise<boolean | undefined>;
}

/**
 * The history of the checkout that has an application. Nothing is asked before it is needed.
 * @param application path of slipway.yaml, relative to the workspace
 * @param remote undefined where no API can be asked
 */
export function openCheckoutHistory(
  application: string,
  options: CheckoutOptions,
  remote?: RemoteHistory,
): CheckoutHistory {
  const { workspace, exec, environment } = options;
  const file = resolve(workspace, application);
  const checkout = findCheckout(file, workspace);
  const folder = checkout && relative(checkout, dirname(file)).split(sep).join('/');
  const git = checkout === undefined ? undefined : openGit({ exec, checkout, environment });
  const head = async (): Promise<string | undefined> => git && (await headCommit(git));
  return {
    checkout,
    folder,
    head,
    async isContained(commit, of) {
      const last = of ?? (await head());
      if (git === undefined || last === undefined) return undefined;
      const known = await isContained(git, commit, last);
      if (known !== undefined) return known;
      if (await completeHistory(git)) return await isContained(git, commit, last);
      return await remote?.isContained(commit, last);
    },
    async takenBack(commit, other) {
      if (git === undefined || folder === undefined || !(await completeHistory(git))) return undefined;
      const paths = folder === '' ? [] : [folder];
      return await commitsBeyond(git, { commit, base: other, paths, limit: NAMED_COMMITS });
    },
    shared: path => openSharedHistory(path, checkout, options),
    async openCommit(commit) {
      const files = await openCommit(git, commit, remote);
      const inWorkspace = relative(workspace, checkout ?? workspace)
        .split(sep)
        .join('/');
      return files && filesIn(inWorkspace, files);
    },
  };
}
