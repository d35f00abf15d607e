import { SlipwayError, sha256 } from '@slipway/core';
import { cutMarkdown } from '@slipway/report';
import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

/** Characters: https://github.com/orgs/community/discussions/27190 */
const MAX_COMMENT = 65_536;
const CUT_NOTE = '\n\n_The comment was cut here; the summary of the run has the rest._\n';

/** A comment that a workflow keeps on a pull request, one for each key. */
export interface KeptComment {
  readonly repository: string;
  readonly pull: number;
  /** Distinguishes it from other comments, such as the application's path. */
  readonly key: string;
  /** Markdown, in which foreign text is neutralised. */
  readonly body: string;
  /** Writes no new comment, since there is nothing to report. */
  readonly onlyUpdate: boolean;
}

export type CommentOutcome = 'created' | 'updated' | 'unchanged' | 'left-out' | 'forbidden';

interface Comment {
  readonly id: number;
  readonly body?: string | undefined;
  readonly user: { readonly login: string; readonly type: string } | null;
}

/**
 * Writes the comment or updates it. Duplicates that another run wrote at the same time are removed.
 * @returns `forbidden` if the token may only read, as in a run for a fork
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

/** The comments with a listing that a workflow wrote; those of other authors do not count, whatever they contain. */
export async function readComments(
  api: GitHubApi,
  repository: string,
  pull: number,
): Promise<readonly string[]> {
  return (await listComments(api, repository, pull))
    .filter(({ user }) => user?.type === 'Bot' && user.login === WORKFLOWS)
    .flatMap(({ body = '' }) => (body.startsWith(MARKER) ? [body] : []));
}

/** The author of comments that are written with the token of a job. */
const WORKFLOWS = 'github-actions[bot]';
const MARKER = '<!-- slipway:policy-check ';

function markerOf(key: string): string {
  return `${MARKER}${sha256(key).slice(-16)} -->`;
}

/** The oldest first. A person could have copied the marker, so that only comments of a bot are updated. */
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
