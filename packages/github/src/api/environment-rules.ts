import { SlipwayError } from '@slipway/core';
import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

/**
 * The rules of an environment by their types, such as `required_reviewers` and `wait_timer`; undefined if the repository has no such
 * environment, or does not show it to the token.
 * @throws SlipwayError `github-forbidden` if the token lacks `actions: read`
 */
export async function environmentRules(
  api: GitHubApi,
  repository: string,
  environment: string,
): Promise<readonly string[] | undefined> {
  const route = 'GET /repos/{owner}/{repo}/environments/{environment_name}';
  try {
    const found = await api.request(route, {
      ...splitRepository(repository),
      environment_name: environment,
    });
    return (found.protection_rules ?? []).map(({ type }) => type);
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'github-not-found') return undefined;
    throw error;
  }
}
