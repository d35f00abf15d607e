import { isJsonObject } from '@slipway/core';
import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

/** What GitHub says of a pull request, or why that is not plain. */
export type PullState =
  | {
      readonly state: 'open' | 'closed';
      /** GitHub's number of the repository that it would be merged into. */
      readonly repositoryId: number;
      /** Whether its branch is in another repository, or in one that was deleted. */
      readonly isOfFork: boolean;
      readonly isDraft: boolean;
      readonly isByBot: boolean;
      /** The last commit of its branch. */
      readonly head: string;
    }
  | { readonly state: 'unknown'; readonly why: string };

/**
 * Asks whether a pull request is open. Only an answer with the status 200 from that very address counts: a repository that was renamed or
 * transferred answers from another one, and what is not there or may not be read is not closed.
 * @throws SlipwayError `github-…`
 */
export async function readPullState(api: GitHubApi, repository: string, number: number): Promise<PullState> {
  const { status, data } = await api.exactly('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...splitRepository(repository),
    pull_number: number,
  });
  if (status !== 200) return { state: 'unknown', why: `GitHub answers with the status ${status}` };
  return stateOf(data, number);
}

function stateOf(pull: unknown, number: number): PullState {
  if (!isJsonObject(pull) || pull['number'] !== number)
    return { state: 'unknown', why: 'GitHub answers with something else' };
  const [base, head] = [idOf(pull['base']), idOf(pull['head'])];
  const { state } = pull;
  if (base === undefined || (state !== 'open' && state !== 'closed'))
    return { state: 'unknown', why: 'the answer of GitHub does not say it' };
  const user = pull['user'];
  const sha = isJsonObject(pull['head']) ? pull['head']['sha'] : undefined;
  return {
    ...{ state, repositoryId: base, isOfFork: head !== base },
    isDraft: pull['draft'] === true,
    isByBot: isJsonObject(user) && user['type'] === 'Bot',
    head: typeof sha === 'string' ? sha : '',
  };
}

function idOf(side: unknown): number | undefined {
  const repo = isJsonObject(side) ? side['repo'] : undefined;
  const id = isJsonObject(repo) ? repo['id'] : undefined;
  return typeof id === 'number' ? id : undefined;
}

/** GitHub's number of a repository, which it keeps when it is renamed. @throws SlipwayError `github-…` */
export async function readRepositoryId(api: GitHubApi, repository: string): Promise<number> {
  return Number((await api.request('GET /repos/{owner}/{repo}', splitRepository(repository))).id);
}
