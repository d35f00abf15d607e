import { dirname, relative, resolve, sep } from 'node:path';
import {
  type CommitFiles,
  type CommitsBeyond,
  commitsBeyond,
  completeHistory,
  filesIn,
  findCheckout,
  headCommit,
  isContained,
  openCommit,
  openGit,
} from '@slipway/git';
import { openGitHubApi, type Runner, remoteCommits } from '@slipway/github';
import { NAMED_COMMITS, openSharedHistory, type SharedHistory } from './shared-history.ts';

const DEFAULT_APPLICATION = 'slipway.yaml';

/** The commits of the repository that is checked out, from the checkout, fetched, or asked of GitHub. */
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

export interface HistoryInputs {
  /** Path of slipway.yaml, relative to the workspace; empty for the default one. */
  readonly application: string;
  /** For GitHub's API; empty without one. */
  readonly token: string;
}

/** The history of the checkout that has an application. Nothing is asked before it is needed. */
export function openCheckoutHistory({ application, token }: HistoryInputs, runner: Runner): CheckoutHistory {
  const { workspace, exec, environment, context, signal, logger } = runner;
  const file = resolve(workspace, application || DEFAULT_APPLICATION);
  const checkout = findCheckout(file, workspace);
  const folder = checkout && relative(checkout, dirname(file)).split(sep).join('/');
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
    shared: path => openSharedHistory(path, checkout, runner),
    async openCommit(commit) {
      const files = await openCommit(git, commit, remote);
      const inWorkspace = relative(workspace, checkout ?? workspace)
        .split(sep)
        .join('/');
      return files && filesIn(inWorkspace, files);
    },
  };
}
