import { SlipwayError } from '@slipway/core';
import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

/** A workflow that GitHub runs. */
export interface ActiveWorkflow {
  /** From the root of the repository. */
  readonly path: string;
  /** Its file on the default branch; undefined where it is not there. */
  readText(): Promise<string | undefined>;
}

const PAGE_SIZE = 100;

/**
 * The workflows of a repository that neither GitHub nor a person has disabled, the first hundred of them: GitHub disables those with a
 * schedule where nothing happens in a public repository for sixty days.
 * @throws SlipwayError `github-forbidden` if the token lacks `actions: read`
 */
export async function activeWorkflows(
  api: GitHubApi,
  repository: string,
): Promise<readonly ActiveWorkflow[]> {
  const name = splitRepository(repository);
  const { workflows } = await api.request('GET /repos/{owner}/{repo}/actions/workflows', {
    ...name,
    per_page: PAGE_SIZE,
  });
  return workflows
    .filter(({ state }) => state === 'active')
    .map(({ path }) => ({ path, readText: () => readText(api, repository, path) }));
}

/** A workflow that was deleted, or that only another branch has, is listed too. */
async function readText(api: GitHubApi, repository: string, path: string): Promise<string | undefined> {
  try {
    const found = await api.request('GET /repos/{owner}/{repo}/contents/{path}', {
      ...splitRepository(repository),
      path,
    });
    if (Array.isArray(found) || found.type !== 'file') return undefined;
    return Buffer.from(found.content, 'base64').toString();
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'github-not-found') return undefined;
    throw error;
  }
}
