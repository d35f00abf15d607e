import { relative, resolve, sep } from 'node:path';
import {
  type CommitFiles,
  completeHistory,
  filesIn,
  findCheckout,
  headCommit,
  isContained,
  openCommit,
  openGit,
} from '@slipway/git';
import { openGitHubApi, type Runner, remoteCommits } from '@slipway/github';

/** The commits of the repository that is checked out, from the checkout, fetched, or asked of GitHub. */
export interface CheckoutHistory {
  /** The folder of the checkout, absolute; undefined outside of one. */
  readonly checkout: string | undefined;
  /** The commit that is checked out; undefined outside of a checkout. */
  head(): Promise<string | undefined>;
  /**
   * Whether a commit is another one or is before it in its history; undefined if no one can tell.
   * @param commit a full id, as is `head`, by default the commit that is checked out
   */
  isContained(commit: string, head?: string): Promise<boolean | undefined>;
  /** The files of a commit by their paths in the workspace, read as objects; undefined if no one has it. @param commit a full id */
  openCommit(commit: string): Promise<CommitFiles | undefined>;
}

export interface HistoryInputs {
  /** Path of slipway.yaml, relative to the workspace. */
  readonly application: string;
  /** For GitHub's API; empty without one. */
  readonly token: string;
}

/** The history of the checkout that has an application. Nothing is asked before it is needed. */
export function openCheckoutHistory(
  { application, token }: HistoryInputs,
  { workspace, exec, environment, context, signal, logger }: Runner,
): CheckoutHistory {
  const checkout = findCheckout(resolve(workspace, application), workspace);
  const git = checkout === undefined ? undefined : openGit({ exec, checkout, environment });
  const remote =
    token === '' || context.repository === ''
      ? undefined
      : remoteCommits(
          () => openGitHubApi({ apiUrl: context.apiUrl, token, signal, logger }),
          context.repository,
        );
  const head = async (): Promise<string | undefined> => git && (await headCommit(git));
  return {
    checkout,
    head,
    async isContained(commit, of) {
      const last = of ?? (await head());
      if (git === undefined || last === undefined) return undefined;
      const known = await isContained(git, commit, last);
      if (known !== undefined) return known;
      if (await completeHistory(git)) return await isContained(git, commit, last);
      return await remote?.isContained(commit, last);
    },
    async openCommit(commit) {
      const files = await openCommit(git, commit, remote);
      const folder = relative(workspace, checkout ?? workspace)
        .split(sep)
        .join('/');
      return files && filesIn(folder, files);
    },
  };
}
