import { count, excerpt, type Problem, quote, SlipwayError, stringifyJson } from '@slipway/core';
import {
  type CommitStatus,
  type GitHubApi,
  headCommitOf,
  type Runner,
  setStatus,
  whyForbidden,
} from '@slipway/github';
import { countsOf, reviewTitle, shareFindings } from '@slipway/report';
import type { PullRequestErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import type { Reviewed } from './review-application.ts';
import { verdictOf } from './verdict.ts';

export type Shown = Pick<CommitStatus, 'state' | 'description'>;

export const RUNNING: Shown = { state: 'pending', description: 'is being checked' };

/** Whoever requires the status must not wait for a run that is over. */
export const UNFINISHED: Shown = { state: 'error', description: 'the check did not finish; see its log' };

/** What the status says of a reviewed application. */
export function statusOf(reviewed: Pick<Reviewed, 'review' | 'problems'>): Shown {
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
  return { state: 'waiting', description: `waits for ${[...groups].join(', and for ')}` };
}

/** The status under the name that the base commit has: it is that of the same review, and never better. */
export function formerStatusOf(shown: Shown, name: string): Shown {
  return { ...shown, description: `is ${quote(name)} from now on: ${shown.description}` };
}

/** No success: else a pull request could take its application out of the workflow, and a required check with it. */
export function removedStatus(path: string): Shown {
  return {
    state: 'waiting',
    description: `waits for whoever manages the rules of the branch to take it off them, as ${excerpt(path, 60)} is removed`,
  };
}

/** What is checked, and by which rules: another step with the same is no other check. */
export function checkOf(path: string, { manifests, rules }: Inputs): string {
  return stringifyJson({ subject: manifests.length > 0 ? manifests : path, rules });
}

/** That an application is removed depends on no rules, so that all steps which see it say the same. */
export function removalOf(path: string): string {
  return stringifyJson({ removed: path });
}

/** Where a status is set, and by which check. */
export interface StatusParts {
  readonly openApi: (() => Promise<GitHubApi>) | undefined;
  /** As `StatusSetter` has it. */
  readonly check: string;
}

/**
 * Sets the status `slipway/<name>` of the head commit, or says in the log why it could not.
 * @returns why the step fails, if another check has set the same status
 */
export async function showStatus(
  name: string,
  shown: Shown,
  { openApi, check }: StatusParts,
  { context, logger }: Runner,
): Promise<readonly Problem[]> {
  const commit = headCommitOf(context);
  const status = `slipway/${name}`;
  if (openApi === undefined || commit === undefined) {
    const why = openApi === undefined ? 'there is no token' : 'the event names no commit';
    logger.info(`The status "${status}" is not set: ${why}`);
    return [];
  }
  const { repository, runUrl, workflow } = context;
  try {
    const link = runUrl === '' ? {} : { targetUrl: runUrl };
    const wanted = { repository, commit, context: status, ...shown, ...link };
    const outcome = await setStatus(await openApi(), wanted, { check, workflow });
    if (outcome === 'forbidden')
      logger.info(`The status "${status}" is not set: ${whyForbidden(context, 'statuses: write')}`);
    return outcome === 'shared' ? [sharedStatus(status)] : [];
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    logger.warning(`The status "${status}" could not be set: ${error.message}`);
    return [];
  }
}

function sharedStatus(status: string): Problem<PullRequestErrorCode> {
  return {
    code: 'status-shared',
    message: `another check has set the status ${quote(status)} of this commit too, so that one result would hide the other`,
    remedy: 'give each step or leg of a matrix its own input "name", and push that as a new commit',
  };
}
