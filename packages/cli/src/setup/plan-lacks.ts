import { quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
import type { GitHubAnswer } from '../outside/github-api.ts';
import { type GitHubRepository, nameOf } from '../outside/github-repository.ts';

/** https://github.com/integrations/terraform-provider-github/issues/1262 has what GitHub says. */
export function isAboutPlan({ answer: { said } }: GitHubAnswer): boolean {
  return /billing plan/i.test(said);
}

export function planLacks({
  environment,
  repository,
}: {
  readonly environment: string;
  readonly repository: GitHubRepository;
}): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({
    code: 'plan-without-environments',
    message: `the plan of ${quote(nameOf(repository))} does not let the environment ${quote(environment)} restrict which branches deploy, so that every branch would get its secrets`,
    remedy: 'see "Without environments" in docs/approvals.md, or make the repository public',
  });
}
