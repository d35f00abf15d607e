import { defined, type Exec, isCommitId, quote, SlipwayError } from '@slipway/core';
import type { GitErrorCode } from './error-codes.ts';
import { checkoutSettings, gitEnvironment } from './safe-settings.ts';

/** The only program that this package starts. */
export const GIT = 'git';

/** Git in one checkout. It runs no program that a commit brought. */
export interface Git {
  /** What a command wrote, or undefined if it failed. */
  read(args: readonly string[], input?: string): Promise<Buffer | undefined>;
}

export interface GitOptions {
  readonly exec: Exec;
  /** The folder that contains `.git`, absolute: see `findCheckout`. */
  readonly checkout: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Git for a checkout, whose `.git` may be a folder or, in a submodule or a linked worktree, a file.
 *
 * The repository and the work tree are named outright. Git left to itself (`git -C folder`) takes a folder with `HEAD`, `objects` and
 * `refs` for a repository and obeys the `config` beside them, and a pull request can commit all four.
 * https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
 */
export function openGit({ exec, checkout, environment }: GitOptions): Git {
  const folders = [`--git-dir=${checkout}/.git`, `--work-tree=${checkout}`];
  const settings = checkoutSettings(checkout).flatMap(setting => ['-c', setting]);
  const options = { environment: gitEnvironment(environment, checkout) };
  return {
    async read(args, input) {
      const chunks: Uint8Array[] = [];
      const onOutput = (bytes: Uint8Array) => void chunks.push(Uint8Array.from(bytes));
      // A runner without Git has a checkout without a history.
      const answer = await exec(GIT, [...folders, ...settings, ...args], {
        ...options,
        onOutput,
        ...defined({ input }),
      }).catch(() => undefined);
      return answer?.exitCode === 0 ? Buffer.concat(chunks) : undefined;
    },
  };
}

export function unreadable(what: string): SlipwayError<GitErrorCode> {
  return new SlipwayError<GitErrorCode>({
    code: 'commit-unreadable',
    message: `${what} cannot be read from this checkout`,
    remedy:
      'check out with "fetch-depth: 0", let actions/checkout persist its credentials, or give a token that may read the contents',
  });
}

/** @throws SlipwayError unless it is a full id, so that a text from an event is never taken for an option or a range */
export function requireId(commit: string): string {
  if (isCommitId(commit)) return commit;
  throw unreadable(`the commit ${quote(commit)}`);
}
