import { SlipwayError, sha256 } from '@slipway/core';
import { cutMarkdown } from '@slipway/report';
import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

/** https://github.com/orgs/community/discussions/27190: in characters. */
const MAX_COMMENT = 65_536;
const CUT_NOTE = '\n\n_The comment was cut here; the summary of the run has the rest._\n';

/** A comment that a workflow keeps on a pull request, one for each key. */
export interface KeptComment {
  readonly repository: string;
  readonly pull: number;
  /** What tells it from other comments, such as the application's path. */
  readonly key: string;
  /** Markdown, in which foreign text is neutralised. */
  readonly body: string;
  /** Left out where there is no comment yet: nothing is wrong, so nobody has to read that. */
  readonly onlyUpdate: boolean;
}

export type CommentOutcome = 'created' | 'updated' | 'unchanged' | 'left-out' | 'forbidden';

interface Comment {
  readonly id: number;
  readonly body?: string | undefined;
  readonly user: { readonly login: string; readonly type: string } | null;
}

/**
 * Writes the comment, or rewrites it in place. What another run wrote at the same time is brought down to one.
 * @returns `forbidden` where the token may only read, as a fork's may
 */
export async function keepComment(api: GitHubApi, comment: KeptComment): Promise<CommentOutcome> {
  const { repository, pull, key, onlyUpdate } = comment;
  const name = splitRepository(repository);
  const body = cutMarkdown(`${markerOf(key)}\n${comment.body}`, MAX_COMMENT, CUT_NOTE);
  try {
    const [first, ...others] = await ownComments(api, repository, pull, key);
    await removeAll(api, repository, others);
    if (first === undefined && onlyUpdate) return 'left-out';
    if (first?.body === body) return 'unchanged';
    if (first !== undefined) {
      await api.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        ...name,
        comment_id: first.id,
        body,
      });
      return 'updated';
    }
    await api.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...name,
      issue_number: pull,
      body,
    });
    const [, ...late] = await ownComments(api, repository, pull, key);
    await removeAll(api, repository, late);
    return 'created';
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'github-forbidden') return 'forbidden';
    throw error;
  }
}

/** What a workflow said in such a comment; nobody else's counts, whatever it looks like. */
export async function readComments(
  api: GitHubApi,
  repository: string,
  pull: number,
): Promise<readonly string[]> {
  return (await listComments(api, repository, pull))
    .filter(({ user }) => user?.type === 'Bot' && user.login === WORKFLOWS)
    .flatMap(({ body = '' }) => (body.startsWith(MARKER) ? [body] : []));
}

/** Who writes with the token of a job. */
const WORKFLOWS = 'github-actions[bot]';
const MARKER = '<!-- slipway:policy-check ';

function markerOf(key: string): string {
  return `${MARKER}${sha256(key).slice(-16)} -->`;
}

/** The oldest first. A person could have copied the marker; only what a bot wrote is rewritten. */
async function ownComments(
  api: GitHubApi,
  repository: string,
  pull: number,
  key: string,
): Promise<Comment[]> {
  const marker = markerOf(key);
  const comments = await listComments(api, repository, pull);
  return comments
    .filter(({ body, user }) => user?.type === 'Bot' && body?.startsWith(`${marker}\n`) === true)
    .sort((a, b) => a.id - b.id);
}

async function listComments(api: GitHubApi, repository: string, pull: number): Promise<Comment[]> {
  const name = splitRepository(repository);
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const comments = await api.list(route, { ...name, issue_number: pull });
  return comments.map(({ id, body, user }) => ({ id: Number(id), body, user }));
}

async function removeAll(api: GitHubApi, repository: string, comments: readonly Comment[]): Promise<void> {
  const name = splitRepository(repository);
  for (const { id } of comments)
    await api.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      ...name,
      comment_id: id,
    });
}
