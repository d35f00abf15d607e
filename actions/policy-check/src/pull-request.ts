import type { Approvals } from '@slipway/check';
import { formatProblem, type Logger, SlipwayError } from '@slipway/core';
import {
  changedFilesOf,
  findApprovalsOf,
  type GitHubApi,
  pullRequestOf,
  type ReviewedPull,
  type Runner,
  readReviewedPull,
  shortFingerprint,
} from '@slipway/github';

/** The pull request that is checked, with what people said of it. */
export interface CheckedPull {
  readonly api: GitHubApi;
  readonly pull: ReviewedPull;
}

/** Asks GitHub when it is first called: most runs have nothing to ask. */
export type ReadPull = () => Promise<CheckedPull | undefined>;

/** Undefined outside of a pull request, without a token, and where the token may not look, which is said. */
export async function readCheckedPull(
  openApi: (() => Promise<GitHubApi>) | undefined,
  { context, logger }: Runner,
): Promise<CheckedPull | undefined> {
  const pull = pullRequestOf(context);
  if (pull === undefined || openApi === undefined) return undefined;
  try {
    const api = await openApi();
    return { api, pull: await readReviewedPull(api, context.repository, pull) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    for (const problem of error.problems)
      logger.warning(`Nobody could look for approvals: ${formatProblem(problem)}`);
    return undefined;
  }
}

/** Changes are approved by reviews of the pull request. */
export function pullApprovals(readPull: ReadPull, logger: Logger): Approvals {
  return {
    async find(changes) {
      const checked = await readPull();
      if (checked === undefined) return new Map();
      const { approvals, hidden } = await findApprovalsOf(checked.api, checked.pull, changes);
      for (const team of hidden)
        logger.warning(
          `The token may not see the members of the team ${team}: give one that may read the organisation's members`,
        );
      return new Map(
        [...approvals].map(([fingerprint, { by, pull }]) => [
          fingerprint,
          `approved by ${by} in pull request ${pull}`,
        ]),
      );
    },
    instruction: fingerprint =>
      `one of them approves this commit of the pull request, with "sign-off ${shortFingerprint(fingerprint)}" in the review`,
  };
}

/** The files that the pull request changes, by GitHub's word; none where that cannot be told. */
export async function filesOfPull(
  readPull: ReadPull,
  { context, logger }: Runner,
): Promise<readonly string[]> {
  const checked = await readPull();
  if (checked === undefined) return [];
  try {
    return await changedFilesOf(checked.api, context.repository, checked.pull.number);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    logger.debug(`The files of the pull request are not known: ${error.message}`);
    return [];
  }
}
