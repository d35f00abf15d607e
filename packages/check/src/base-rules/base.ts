import { type Logger, quote, SlipwayError } from '@slipway/core';
import type { FileSource } from '@slipway/render';
import type { CheckErrorCode } from '../error-codes.ts';
import type { BaseCommit } from '../request/request.ts';
import type { History } from './history.ts';

/** The commit that a pull request or a merge group would be merged into; its rules hold until then. */
export interface Base {
  readonly commit: string;
  /** The commit's files, by their paths in the workspace. */
  readonly files: FileSource;
  readonly history: History;
}

/**
 * Opens the base commit; undefined if the rules come from the checkout, as on a push.
 * @throws SlipwayError `base-unreadable`: without the base no one can tell which rules the pull request removed
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

/** A checkout without Git is assumed to have the commit of the run, which is what actions/checkout downloads. */
async function firstParent(
  { merge, otherwise }: { readonly merge: string; readonly otherwise: string },
  history: History,
): Promise<string> {
  if ((history.head ?? merge) !== merge) return otherwise;
  const [first] = await history.parents(merge);
  if (first !== undefined) return first;
  throw new SlipwayError<CheckErrorCode>({
    code: 'base-unreadable',
    message: `the commit ${quote(merge)} of the pull request has no parent, so the commit that it would be merged into is unknown`,
    remedy: 'run the check on pull_request, with the checkout that actions/checkout makes by default',
  });
}
