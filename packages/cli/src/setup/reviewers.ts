import { isJsonObject, type JsonObject, parseJsonIfAny, quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import type { GitHubRepository } from '../outside/github-repository.ts';
import { gh } from '../outside/programs.ts';
import { shellCommand } from '../outside/shell.ts';
import type { Reviewer } from './choices.ts';

function pathOf(reviewer: Reviewer): string {
  return reviewer.type === 'User'
    ? `users/${reviewer.login}`
    : `orgs/${reviewer.organisation}/teams/${reviewer.slug}`;
}

/**
 * Reviewers as an environment takes them: by number.
 * @throws SlipwayError `reviewer-unknown`
 */
export async function readReviewers(
  reviewers: readonly Reviewer[],
  { host }: GitHubRepository,
  machine: Machine,
): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for (const reviewer of reviewers) {
    const answer = await gh(machine, ['api', '--hostname', host, pathOf(reviewer)]);
    const value = parseJsonIfAny(answer.stdout);
    if (answer.exitCode !== 0 || !isJsonObject(value) || typeof value['id'] !== 'number')
      throw reviewerUnknown(reviewer, answer.said);
    found.push({ type: reviewer.type, id: value['id'] });
  }
  return found;
}

function reviewerUnknown(reviewer: Reviewer, said: string): SlipwayError<CliErrorCode> {
  const name = reviewer.type === 'User' ? `@${reviewer.login}` : `@${reviewer.organisation}/${reviewer.slug}`;
  return new SlipwayError<CliErrorCode>({
    code: 'reviewer-unknown',
    message: `GitHub does not show the reviewer ${quote(name)}: ${said === '' ? 'no answer' : said}`,
    remedy: 'correct --reviewers, or log in as someone who may see the team',
  });
}

/** Shell variables with the numbers of reviewers, and the lines that set them. */
export function reviewerScript(reviewers: readonly Reviewer[], host: string) {
  const names = reviewers.map(({ type }, index) => ({ type, id: `$reviewer_${index + 1}` }));
  const lines = reviewers.map((reviewer, index) => {
    const ask = ['api', '--hostname', host, '--jq', '.id', pathOf(reviewer)];
    return `reviewer_${index + 1}=$(${shellCommand('gh', ask)}) &&`;
  });
  return { names, lines };
}
