import { type Logger, quote, SlipwayError } from '@slipway/core';
import type { FileSource } from '@slipway/render';
import type { CheckErrorCode } from '../error-codes.ts';
import type { BaseCommit } from '../request/request.ts';
import type { History } from './history.ts';

/** What a pull request or a merge group would be merged into, whose rules hold until it is. */
export interface Base {
  readonly commit: string;
  /** By their paths in the workspace. */
  readonly files: FileSource;
  readonly history: History;
}

/**
 * The base of this run, or undefined if its rules come from the checkout, as on a push.
 * @throws SlipwayError `base-unreadable`: without the base nobody knows which rules the pull request took away
 */
export async function openBase(
  base: BaseCommit | undefined,
  openHistory: () => Promise<History>,
  logger: Logger,
): Promise<Base | undefined> {
  if (base === undefined) return undefined;
  const history = await openHistory();
  const commit = base.kind === 'commit' ? base.commit : await firstParent(base, history);
  const files = await history.files(commit);
  logger.info(`Rules come from the base commit ${commit}`);
  return { commit, files, history };
}

/** A checkout without Git is taken for what actions/checkout brings, which is the commit of the run. */
async function firstParent(
  { merge, otherwise }: { readonly merge: string; readonly otherwise: string },
  history: History,
): Promise<string> {
  if ((history.head ?? merge) !== merge) return otherwise;
  const [first] = await history.parents(merge);
  if (first !== undefined) return first;
  throw new SlipwayError<CheckErrorCode>({
    code: 'base-unreadable',
    message: `the commit ${quote(merge)} of the pull request has no parent, so that nothing says what it would be merged into`,
    remedy: 'run the check on pull_request with the checkout that actions/checkout makes by default',
  });
}
