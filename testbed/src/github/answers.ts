import { execFileSync } from 'node:child_process';
import type { Operation } from './operations.ts';
import type { GitHubState, Pull, Token } from './state.ts';

export interface Asked {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: { readonly body?: string } | undefined;
  readonly token: Token;
}

export interface Told {
  readonly status: number;
  readonly body: unknown;
}

const NOT_FOUND: Told = { status: 404, body: { message: 'Not Found', status: '404' } };
const FORBIDDEN: Told = { status: 403, body: { message: 'Resource not accessible by integration' } };

type Answer = (asked: Asked, state: GitHubState) => Told;

const ok = (body: unknown): Told => ({ status: 200, body });

/** GitHub's answers, from the state; lists are complete here and divided into pages elsewhere. */
export const ANSWERS: Readonly<Record<Operation, Answer>> = {
  'GET /repos/{owner}/{repo}/git/commits/{commit_sha}': ({ parameters }, state) =>
    commitOf(state, parameters['commit_sha']),
  'GET /repos/{owner}/{repo}/commits/{ref}': ({ parameters }, state) => commitOf(state, parameters['ref']),
  'GET /repos/{owner}/{repo}/commits': ({ query }, state) => {
    const commits = git(state, 'rev-list', query.get('sha') ?? 'HEAD');
    return commits === undefined
      ? NOT_FOUND
      : ok(
          commits
            .trim()
            .split('\n')
            .map(sha => ({ sha })),
        );
  },
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': ({ parameters, query }, state) => {
    const recursive = query.has('recursive') ? ['-r', '-t'] : [];
    const listing = git(state, 'ls-tree', '-z', ...recursive, parameters['tree_sha'] ?? '');
    if (listing === undefined) return NOT_FOUND;
    const tree = listing
      .split('\0')
      .filter(line => line !== '')
      .map(line => {
        const [mode = '', type = '', sha = ''] = line.slice(0, line.indexOf('\t')).split(' ');
        return { path: line.slice(line.indexOf('\t') + 1), mode, type, sha };
      });
    return ok({ sha: parameters['tree_sha'], tree, truncated: tree.length > MAX_TREE });
  },
  'GET /repos/{owner}/{repo}/git/blobs/{file_sha}': ({ parameters }, state) => {
    const content = gitBytes(state, 'cat-file', 'blob', parameters['file_sha'] ?? '');
    if (content === undefined) return NOT_FOUND;
    // GitHub breaks lines of sixty characters.
    const encoded = content.toString('base64').replaceAll(/.{60}/g, '$&\n');
    return ok({ sha: parameters['file_sha'], size: content.length, content: encoded, encoding: 'base64' });
  },
  'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls': ({ parameters }, { pulls }) => {
    const sha = parameters['commit_sha'] ?? '';
    return ok(
      pulls.filter(({ commits, merged }) => commits.includes(sha) || merged?.commit === sha).map(pullBody),
    );
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
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': ({ parameters }, { pulls }) => {
    const pull = pulls.find(({ number }) => number === Number(parameters['pull_number']));
    return ok((pull?.files ?? []).map(filename => ({ filename, status: 'modified' })));
  },
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': ({ parameters }, { comments }) =>
    ok(comments.filter(({ pull }) => pull === Number(parameters['issue_number'])).map(commentBody)),
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': (
    { parameters, body, token },
    { comments },
  ) => {
    if (token.comments !== 'write') return FORBIDDEN;
    if ((body?.body ?? '').length > MAX_COMMENT) return tooLong();
    const comment = {
      id: comments.length + 1,
      pull: Number(parameters['issue_number']),
      user: token.login,
      body: body?.body ?? '',
    };
    comments.push(comment);
    return { status: 201, body: commentBody(comment) };
  },
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': ({ parameters, body, token }, { comments }) => {
    if (token.comments !== 'write') return FORBIDDEN;
    if ((body?.body ?? '').length > MAX_COMMENT) return tooLong();
    const comment = comments.find(({ id }) => id === Number(parameters['comment_id']));
    if (comment === undefined) return NOT_FOUND;
    comment.body = body?.body ?? '';
    return ok(commentBody(comment));
  },
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}': ({ parameters, token }, { comments }) => {
    if (token.comments !== 'write') return FORBIDDEN;
    const index = comments.findIndex(({ id }) => id === Number(parameters['comment_id']));
    comments.splice(index, index < 0 ? 0 : 1);
    return { status: 204, body: undefined };
  },
  'GET /orgs/{org}/teams/{team_slug}': ({ parameters, token }, { teams }) =>
    token.members === true && teams.has(teamOf(parameters))
      ? ok({ slug: parameters['team_slug'] })
      : NOT_FOUND,
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}': ({ parameters, token }, { teams }) => {
    if (token.members !== true) return FORBIDDEN;
    const member = teams.get(teamOf(parameters))?.includes(parameters['username'] ?? '');
    return member === true ? ok({ role: 'member', state: 'active' }) : NOT_FOUND;
  },
};

const MAX_TREE = 100_000;
const MAX_COMMENT = 65_536;

function tooLong(): Told {
  return {
    status: 422,
    body: { message: 'Validation Failed: body is too long (maximum is 65536 characters)' },
  };
}

function teamOf(parameters: Asked['parameters']): string {
  return `${parameters['org']}/${parameters['team_slug']}`;
}

function pullBody({ number, author, head, merged }: Pull) {
  return {
    number,
    state: merged === undefined ? 'open' : 'closed',
    user: { login: author, type: 'User' },
    head: { sha: head },
    merged_at: merged?.at ?? null,
    merge_commit_sha: merged?.commit ?? null,
    html_url: `https://github.com/acme/shop/pull/${number}`,
  };
}

function commentBody({ id, user, body }: GitHubState['comments'][number]) {
  return { id, body, user: { login: user, type: user.endsWith('[bot]') ? 'Bot' : 'User' } };
}

function commitOf(state: GitHubState, name = ''): Told {
  const text = git(state, 'rev-list', '--parents', '--max-count=1', name);
  if (text === undefined) return NOT_FOUND;
  const [sha, ...parents] = text.trim().split(' ');
  return ok({ sha, parents: parents.map(parent => ({ sha: parent })) });
}

function git(state: GitHubState, ...args: readonly string[]): string | undefined {
  return gitBytes(state, ...args)?.toString();
}

function gitBytes({ directory }: GitHubState, ...args: readonly string[]): Buffer | undefined {
  try {
    return execFileSync('git', ['-C', directory, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
