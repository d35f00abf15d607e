import { posix, relative, resolve, sep } from 'node:path';
import { hasCommit, isContained } from './commits.ts';
import { type CommitsBeyond, commitsBeyond } from './commits-beyond.ts';
import { type CheckoutOptions, findCheckout } from './find-checkout.ts';
import { openGit } from './git.ts';
import { completeHistory } from './source-state.ts';

/** The commits of a second checkout, from that checkout or fetched with its own credentials. */
export interface SharedHistory {
  /**
   * Whether a commit is another one or is before it in its history; undefined if the checkout cannot tell.
   * @param commit a full id, as is `head`
   */
  isContained(commit: string, head: string): Promise<boolean | undefined>;
  /** What a commit has and another one does not have, at the path; undefined if the checkout cannot tell. */
  takenBack(commit: string, other: string): Promise<CommitsBeyond | undefined>;
}

/** Commits that a message names one by one. */
export const NAMED_COMMITS = 5;

/**
 * The history of the second checkout that has a path of the workspace. No API is asked, since the checkout may be of any server.
 * @param own the checkout of the application, which is not a second one
 */
export function openSharedHistory(
  path: string,
  own: string | undefined,
  { workspace, exec, environment }: CheckoutOptions,
): SharedHistory {
  const whole = resolve(workspace, path);
  const checkout = findCheckout(whole, workspace);
  if (checkout === undefined || checkout === own) return UNKNOWN;
  const git = openGit({ exec, checkout, environment });
  const inCheckout = withSlashes(relative(checkout, whole));
  const folder = withSlashes(relative(workspace, checkout));
  return {
    async isContained(commit, head) {
      const known = await isContained(git, commit, head);
      if (known === true || !(await completeHistory(git)) || !(await hasCommit(git, head)))
        return known || undefined;
      return await isContained(git, commit, head);
    },
    async takenBack(commit, other) {
      if (!(await completeHistory(git))) return undefined;
      const paths = inCheckout === '' ? [] : [inCheckout];
      const found = await commitsBeyond(git, { commit, base: other, paths, limit: NAMED_COMMITS });
      const lines = found?.lines.map(line => ({ ...line, path: posix.join(folder, line.path) }));
      return found && lines && { ...found, lines };
    },
  };
}

const UNKNOWN: SharedHistory = {
  isContained: () => Promise.resolve(undefined),
  takenBack: () => Promise.resolve(undefined),
};

function withSlashes(path: string): string {
  return path.split(sep).join('/');
}
