import { count, SlipwayError } from '@slipway/core';
import {
  type CommitStatus,
  type GitHubApi,
  headCommitOf,
  type Runner,
  setStatus,
  whyForbidden,
} from '@slipway/github';
import { countsOf, reviewTitle, shareFindings } from '@slipway/report';
import type { Reviewed } from './review-application.ts';
import { verdictOf } from './verdict.ts';

type Shown = Pick<CommitStatus, 'state' | 'description'>;

export const RUNNING: Shown = { state: 'pending', description: 'is being checked' };

/** Whoever requires the status must not wait for a run that is over. */
export const UNFINISHED: Shown = { state: 'error', description: 'the check did not finish; see its log' };

/** What the status says of a reviewed application. */
export function statusOf(reviewed: Reviewed): Shown {
  const { review, problems } = reviewed;
  if (review === undefined)
    return {
      state: 'failure',
      description: `${count(problems.length, 'error')}, so the changes are not known`,
    };
  const findings = review.targets.flatMap(({ report }) => report.findings);
  const counts = countsOf(shareFindings(findings)).join(', ');
  const verdict = verdictOf(review);
  if (verdict === 'failed') return { state: 'failure', description: counts };
  if (verdict === 'passed')
    return { state: 'success', description: [reviewTitle(review), counts].filter(Boolean).join(', ') };
  const groups = new Set(
    findings
      .filter(({ severity }) => severity === 'sign-off')
      .map(({ approvers = [] }) => approvers.map(name => `@${name}`).join(' or ')),
  );
  return { state: 'pending', description: `waits for ${[...groups].join(', and for ')}` };
}

/** Sets the status `slipway/<name>` of the head commit, or says in the log why it could not. It does not change the verdict. */
export async function showStatus(
  name: string,
  shown: Shown,
  openApi: (() => Promise<GitHubApi>) | undefined,
  { context, logger }: Runner,
): Promise<void> {
  const commit = headCommitOf(context);
  const status = `slipway/${name}`;
  if (openApi === undefined || commit === undefined) {
    const why = openApi === undefined ? 'there is no token' : 'the event names no commit';
    logger.info(`The status "${status}" is not set: ${why}`);
    return;
  }
  const { repository, runUrl } = context;
  try {
    const link = runUrl === '' ? {} : { targetUrl: runUrl };
    const outcome = await setStatus(await openApi(), {
      repository,
      commit,
      context: status,
      ...shown,
      ...link,
    });
    if (outcome === 'forbidden')
      logger.info(`The status "${status}" is not set: ${whyForbidden(context, 'statuses: write')}`);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    logger.warning(`The status "${status}" could not be set: ${error.message}`);
  }
}
