import { FORK_ID, REPOSITORY_ID } from './repository-id.ts';
import type { GitHubState, Pull } from './state.ts';
import { type Answer, NOT_FOUND, ok } from './told.ts';

/** Answers about pull requests. */
export const PULL_ANSWERS = {
  'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls': ({ parameters }, state) => {
    const sha = parameters['commit_sha'] ?? '';
    const belongs = ({ commits, merged, fork }: Pull) =>
      // GitHub does not list an open pull request for a commit that only a fork has.
      merged?.commit === sha || (commits.includes(sha) && (fork === undefined || merged !== undefined));
    return ok(state.pulls.filter(belongs).map(pull => pullBody(pull, state)));
  },
  'GET /repos/{owner}/{repo}/pulls': ({ query }, state) => {
    const [wanted, head] = [query.get('state') ?? 'open', query.get('head')];
    const chosen = state.pulls.filter(
      pull =>
        (wanted === 'all' || stateOf(pull) === wanted) &&
        (head === null || head === `${repositoryOf(pull, state).split('/')[0]}:${branchOf(pull)}`),
    );
    return ok(chosen.map(pull => pullBody(pull, state)));
  },
  'GET /repos/{owner}/{repo}/pulls/{pull_number}': ({ parameters }, state) => {
    const pull = find(state, parameters['pull_number']);
    return pull === undefined ? NOT_FOUND : ok(pullBody(pull, state));
  },
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews': ({ parameters }, state) =>
    ok(
      (state.reviews.get(Number(parameters['pull_number'])) ?? []).map(review => ({
        user: review.user === undefined ? null : { login: review.user, type: 'User' },
        state: review.state,
        commit_id: review.commit,
        body: review.body ?? '',
        submitted_at: review.at ?? '2026-11-21T10:00:00Z',
        html_url: 'https://github.com/acme/shop/pull/1#pullrequestreview-1',
      })),
    ),
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': ({ parameters }, state) =>
    ok(
      (find(state, parameters['pull_number'])?.files ?? []).map(filename => ({
        filename,
        status: 'modified',
      })),
    ),
} satisfies Record<string, Answer>;

function find({ pulls }: GitHubState, number = ''): Pull | undefined {
  return pulls.find(pull => pull.number === Number(number));
}

function pullBody(pull: Pull, state: GitHubState) {
  const { number, author, head, merged, base } = pull;
  const { repositoryId: baseId = REPOSITORY_ID } = pull;
  const headId = pull.fork === undefined ? baseId : FORK_ID;
  return {
    number,
    state: stateOf(pull),
    draft: pull.draft === true,
    user: { login: author, type: pull.byBot === true ? 'Bot' : 'User' },
    head: { sha: head, ref: branchOf(pull), repo: { id: headId, full_name: repositoryOf(pull, state) } },
    base: { sha: base ?? '', ref: 'main', repo: { id: baseId, full_name: state.repository } },
    merged_at: merged?.at ?? null,
    merge_commit_sha: merged?.commit ?? null,
    html_url: `https://github.com/acme/shop/pull/${number}`,
  };
}

function stateOf({ merged, closed }: Pull): 'open' | 'closed' {
  return merged !== undefined || closed === true ? 'closed' : 'open';
}

function repositoryOf({ fork }: Pull, { repository }: GitHubState): string {
  return fork ?? repository;
}

function branchOf({ branch, number }: Pull): string {
  return branch ?? `change-${number}`;
}
