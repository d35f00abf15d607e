import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

/** A review of a job that waited for its environment. */
export interface RunApproval {
  readonly user: string;
  readonly state: string;
  readonly environments: readonly string[];
}

/**
 * Who approved or rejected jobs of a run, by the environments for which they did. GitHub says neither when nor in which attempt:
 * https://docs.github.com/en/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
 */
export async function approvalsOfRun(
  api: GitHubApi,
  repository: string,
  runId: string,
): Promise<readonly RunApproval[]> {
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals';
  const reviews = await api.request(route, { ...splitRepository(repository), run_id: Number(runId) });
  return reviews.map(({ user, state, environments }) => ({
    user: user?.login ?? '',
    state,
    environments: environments.flatMap(({ name }) => name ?? []),
  }));
}
