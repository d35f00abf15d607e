import type { Approvals } from '@slipway/check';
import { type Logger, SlipwayError } from '@slipway/core';
import {
  changedFilesOf,
  findApprovalsOf,
  findPullsOf,
  type GitHubApi,
  lookUpApprovals,
  mergeGroupOf,
  pullRequestOf,
  type ReviewedPull,
  type Runner,
  readReviewedPull,
  shortFingerprint,
} from '@slipway/github';

/** The pull request that is checked, with its reviews. */
export interface CheckedPull {
  readonly api: GitHubApi;
  readonly pull: ReviewedPull;
}

/** Asks GitHub when it is first called, since most runs have no question. */
export type ReadPull = () => Promise<CheckedPull | undefined>;

/**
 * Undefined outside of a pull request and of a merge group, which is of one, without a token, and, with a warning, where the token may
 * not read it.
 */
export async function readCheckedPull(
  openApi: (() => Promise<GitHubApi>) | undefined,
  { context, logger }: Runner,
): Promise<CheckedPull | undefined> {
  if (openApi === undefined) return undefined;
  if (pullRequestOf(context) === undefined && mergeGroupOf(context) === undefined) return undefined;
  return await lookUpApprovals(async () => {
    const api = await openApi();
    const [pull] = await findPullsOf(api, context);
    return pull && { api, pull: await readReviewedPull(api, context.repository, pull) };
  }, logger);
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
          `The token cannot see the members of team ${team}: use one that may read the organisation's members`,
        );
      return new Map(
        [...approvals].map(([fingerprint, { by, pull }]) => [
          fingerprint,
          `approved by ${by} in pull request ${pull}`,
        ]),
      );
    },
    instruction: fingerprints => {
      const said = fingerprints.map(fingerprint => `"sign-off ${shortFingerprint(fingerprint)}"`);
      return `an approver must approve this commit of the pull request, with ${said.join(' and ')} in the review`;
    },
  };
}

/** The files that the pull request changes, as GitHub lists them; none if it cannot be asked. */
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
    logger.debug(`The changed files of the pull request could not be listed: ${error.message}`);
    return [];
  }
}
