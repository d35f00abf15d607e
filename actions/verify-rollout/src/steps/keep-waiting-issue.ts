import { formatProblem, type Release, SlipwayError } from '@slipway/core';
import type { IssueOutcome } from '@slipway/github';
import type { VerifyContext } from '../context.ts';
import { waitingIssue } from './waiting-issue.ts';

type Told = Pick<VerifyContext, 'runner' | 'inputs'>;

/**
 * Opens the issue about a release in steps that is open, updates it, or closes it, where the strategy says who is to be told. What becomes
 * of the release does not depend on it, so what keeps it from being written is said and no more.
 * @param says why it is where it is
 */
export async function keepWaitingIssue(release: Release, says: string, context: Told): Promise<void> {
  if (!isAskedFor(release)) return;
  const { logger } = context.runner;
  const outcome = await writeIssue(release, says, context);
  if (typeof outcome === 'string')
    return logger.warning(`The issue about release ${release.number} was not written at GitHub: ${outcome}`);
  if (!('number' in outcome)) return;
  logger.info(`Issue ${outcome.number} was ${outcome.what}`);
  if (outcome.what === 'opened' && outcome.unassigned.length > 0)
    logger.warning(
      `Issue ${outcome.number} is not assigned to ${outcome.unassigned.join(', ')}: GitHub does not let them be assigned, so it only mentions them`,
    );
}

/**
 * Closes an issue that is open although no release is: a rollback, a removal or a newer deploy has closed the release, and none of them
 * writes issues. Where no one asked to be told, nothing is said of what cannot be looked at.
 * @param newest the newest release to the destination, which is not open
 */
export async function closeLeftIssue(newest: Release, context: Told): Promise<void> {
  const says = `release ${newest.number} is the newest one, and none is open`;
  if (isAskedFor(newest)) return await keepWaitingIssue(newest, says, context);
  const outcome = await writeIssue(newest, says, context);
  const { logger } = context.runner;
  if (typeof outcome === 'string') logger.debug(`It is not known whether an issue is left open: ${outcome}`);
  else if ('number' in outcome) logger.info(`Issue ${outcome.number} was ${outcome.what}`);
}

function isAskedFor({ steps }: Release): boolean {
  return (steps?.settings?.notify ?? []).length > 0;
}

/** @returns what became of the issue, or why it was not written */
async function writeIssue(
  release: Release,
  says: string,
  { runner, inputs }: Told,
): Promise<IssueOutcome | string> {
  const { context, signal, logger } = runner;
  const { token } = inputs.deployment;
  const { repository, apiUrl, runUrl } = context;
  if (token === '' || repository === '') return 'the step has no token for GitHub';
  try {
    const { keepIssue, openGitHubApi } = await import('@slipway/github');
    const api = await openGitHubApi({ apiUrl, token, signal, logger });
    const outcome = await keepIssue(api, { ...waitingIssue(release, says, runUrl), repository });
    return outcome.what === 'forbidden'
      ? 'the token lacks "issues: write"; give the job that permission'
      : outcome;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    return error.problems.map(formatProblem).join('; ');
  }
}
