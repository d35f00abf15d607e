import { type PullRequestOfRun, pullFrom, pullRequestOf } from '../pull-of-run.ts';
import { type EarlierRun, earlierRunOf, type MergeGroup, mergeGroupOf, textAt } from '../run-event.ts';
import type { RunContext } from '../runner.ts';
import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

/**
 * The open pull requests that a run is for: that of the event, that of a merge group, or, in a workflow that runs after another one
 * (`workflow_run`), those with exactly the commit of that earlier run as their head. There are several if one branch is to be merged
 * into several others, and none once the branch has moved on.
 */
export async function findPullsOf(api: GitHubApi, context: RunContext): Promise<readonly PullRequestOfRun[]> {
  const [named, group, earlier] = [pullRequestOf(context), mergeGroupOf(context), earlierRunOf(context)];
  if (named !== undefined) return [named];
  if (group !== undefined) return await ofMergeGroup(api, context, group);
  return earlier === undefined ? [] : await ofEarlierRun(api, context, earlier);
}

async function ofMergeGroup(
  api: GitHubApi,
  context: RunContext,
  { pull: number, baseBranch }: MergeGroup,
): Promise<readonly PullRequestOfRun[]> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  const answer = await api.request(route, { ...splitRepository(context.repository), pull_number: number });
  const pull = pullFrom(answer, context);
  return pull !== undefined && answer.state === 'open' && pull.baseBranch === baseBranch ? [pull] : [];
}

/**
 * Asked by branch, since GitHub lists no pull request for a commit that only a fork has, and leaves the list in the event empty for forks.
 * https://github.com/TooTallNate/nx.js/pull/410 saw both.
 */
async function ofEarlierRun(
  api: GitHubApi,
  context: RunContext,
  { head, repository, branch }: EarlierRun,
): Promise<readonly PullRequestOfRun[]> {
  if (head === '' || repository === '' || branch === '') return [];
  const { owner } = splitRepository(repository);
  const pulls = await api.list('GET /repos/{owner}/{repo}/pulls', {
    ...splitRepository(context.repository),
    head: `${owner}:${branch}`,
    state: 'open',
  });
  return pulls
    .filter(pull => pull.head.sha === head && textAt(pull, 'head', 'repo', 'full_name') === repository)
    .flatMap(pull => pullFrom(pull, context) ?? []);
}
