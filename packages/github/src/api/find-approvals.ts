import { type Approval, approvalOf, type ReviewedPull, readReviewedPull, type SignOff } from './approvals.ts';
import { remoteCommits } from './commits.ts';
import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';
import { openTeams, type Teams } from './teams.ts';

/** How many commits back an approval is looked for, as other pull requests may have been merged after it. */
const MAX_COMMITS = 100;

export interface ApprovalQuery {
  readonly repository: string;
  /** The commit that is deployed. */
  readonly commit: string;
  /** The commit that is deployed already: changes before it need no approval. The same as `commit` for the pull requests of that only. */
  readonly until?: string | undefined;
  readonly signOffs: readonly SignOff[];
}

export interface FoundApprovals {
  /** By fingerprint. */
  readonly approvals: ReadonlyMap<string, Approval>;
  /** Pull requests that were read. */
  readonly pulls: readonly number[];
  /** Teams whose members the token may not see. */
  readonly hidden: readonly string[];
}

/** Approvals in the pull request of a commit and in those that were merged since the deployed commit. */
export async function findApprovals(api: GitHubApi, query: ApprovalQuery): Promise<FoundApprovals> {
  const teams = openTeams(api);
  const approvals = new Map<string, Approval>();
  const pulls: number[] = [];
  const missing = (): readonly SignOff[] =>
    query.signOffs.filter(({ fingerprint }) => !approvals.has(fingerprint));
  for await (const pull of mergedPulls(api, query)) {
    pulls.push(pull.number);
    for (const [fingerprint, approval] of await approvalsOf(missing(), pull, teams))
      approvals.set(fingerprint, approval);
    if (missing().length === 0) break;
  }
  return { approvals, pulls, hidden: [...teams.hidden] };
}

/** Approvals of a pull request that is not merged yet. */
export async function findApprovalsOf(
  api: GitHubApi,
  pull: ReviewedPull,
  signOffs: readonly SignOff[],
): Promise<Omit<FoundApprovals, 'pulls'>> {
  const teams = openTeams(api);
  return { approvals: await approvalsOf(signOffs, pull, teams), hidden: [...teams.hidden] };
}

async function approvalsOf(
  signOffs: readonly SignOff[],
  pull: ReviewedPull,
  teams: Teams,
): Promise<Map<string, Approval>> {
  const approvals = new Map<string, Approval>();
  for (const signOff of signOffs) {
    const approval = await approvalOf(signOff, pull, teams);
    if (approval !== undefined) approvals.set(signOff.fingerprint, approval);
  }
  return approvals;
}

async function* mergedPulls(
  api: GitHubApi,
  { repository, commit, until }: ApprovalQuery,
): AsyncGenerator<ReviewedPull> {
  const name = splitRepository(repository);
  const seen = new Set<number>();
  for (const sha of await commitsBefore(api, repository, commit, until)) {
    const route = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls';
    for (const { number, user, head, merged_at } of await api.list(route, { ...name, commit_sha: sha })) {
      if (merged_at === null || seen.has(number)) continue;
      seen.add(number);
      yield await readReviewedPull(api, repository, { number, author: user?.login ?? '', head: head.sha });
    }
  }
}

/**
 * The newest first, without the deployed commit; only that one if it is deployed again. None if the deployed commit is not in the
 * history: approvals from before it would count again.
 */
async function commitsBefore(
  api: GitHubApi,
  repository: string,
  commit: string,
  until: string | undefined,
): Promise<readonly string[]> {
  if (until === commit) return [commit];
  const name = splitRepository(repository);
  const route = 'GET /repos/{owner}/{repo}/commits';
  const history = await api.request(route, { ...name, sha: commit, per_page: MAX_COMMITS });
  const commits = history.map(({ sha }) => sha);
  if (until === undefined) return commits;
  const end = commits.indexOf(until);
  if (end >= 0) return commits.slice(0, end);
  const { isContained } = remoteCommits(() => Promise.resolve(api), repository);
  return (await isContained(until, commit)) ? commits : [];
}
