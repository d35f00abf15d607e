import { type ApplicationStatus, type Problem, SlipwayError } from '@slipway/core';
import { DEFAULT_APPLICATION } from '@slipway/delivery';
import { keepIssue, openGitHubApi, type Runner } from '@slipway/github';
import { escapeMarkdown, quietMarkdown, statusMarkdown } from '@slipway/report';
import type { DeployErrorCode } from '../error-codes.ts';
import type { InputsFor } from '../inputs/inputs.ts';

/**
 * Keeps the issue of what was looked at: an application, or a part of it, so that a look at one destination does not close what was found
 * at another.
 * @returns why it could not be kept: then no one would be told
 */
export async function keepStatusIssue(
  status: ApplicationStatus,
  inputs: InputsFor<'status'>,
  runner: Runner,
): Promise<readonly Problem[]> {
  const { issue, token, request } = inputs;
  const { context, signal, logger } = runner;
  if (issue === 'off') return [];
  if (token === '' || context.repository === '') return [forbidden(status, 'there is no token')];
  const { application, formation } = request;
  const destinations = [...new Set(request.destinations)].sort();
  const part = formation === '' && destinations.length === 0 ? [] : [formation || '*', ...destinations];
  try {
    const api = await openGitHubApi({ apiUrl: context.apiUrl, token, signal, logger });
    const outcome = await keepIssue(api, {
      repository: context.repository,
      // JSON keeps apart a formation and a destination of the same name, which may be two looks.
      key: JSON.stringify([application || DEFAULT_APPLICATION, formation, destinations]),
      title: `What runs where: ${[status.application, ...part].join('/')}`,
      body: `${quietMarkdown(statusMarkdown(status))}${runLine(context.runUrl)}`,
      isNeeded: isNeeded(status, issue),
    });
    if (outcome.what === 'forbidden') return [forbidden(status, 'the token lacks "issues: write"')];
    if ('number' in outcome) logger.info(`Issue ${outcome.number} was ${outcome.what}`);
    return [];
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SlipwayError) return error.problems;
    throw error;
  }
}

/** What is not known is a reason too: it may be anything. */
function isNeeded({ state }: ApplicationStatus, issue: 'attention' | 'waiting'): boolean {
  return state === 'attention' || state === 'unknown' || (state === 'waiting' && issue === 'waiting');
}

function runLine(runUrl: string): string {
  return runUrl === '' ? '' : `\nSeen by ${escapeMarkdown(runUrl)}\n`;
}

function forbidden({ application }: ApplicationStatus, why: string): Problem<DeployErrorCode> {
  return {
    code: 'issue-forbidden',
    message: `the issue about ${application} could not be written, because ${why}`,
    remedy: 'give the job the permission "issues: write", or leave out the input "issue"',
  };
}
