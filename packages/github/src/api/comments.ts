import { SlipwayError } from '@slipway/core';
import { cutMarkdown } from '@slipway/report';
import type { GitHubApi } from './github-api.ts';
import {
  listComments,
  type MarkedComment,
  markedComments,
  markerOf,
  ownOf,
  withMarker,
} from './marked-comments.ts';
import { lacksPermission } from './permission.ts';
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

/**
 * Writes the comment or updates it, usually with one list and one write. It updates what a job of this repository or the owner of the
 * token wrote, and nothing of anyone else, whatever it begins with. Of several, as of two runs at the same time, the oldest stays.
 * @returns `forbidden` if the token may only read, as in a run for a fork
 */
export async function keepComment(api: GitHubApi, comment: KeptComment): Promise<CommentOutcome> {
  const body = cutMarkdown(`${markerOf(comment.key)}\n${comment.body}`, MAX_COMMENT, CUT_NOTE);
  try {
    return await writeComment(api, { ...comment, body });
  } catch (error) {
    if (lacksPermission(error)) return 'forbidden';
    throw error;
  }
}

/**
 * The text of a comment that is kept, without its marker, as `keepComment` would find it: what anyone else wrote is not read.
 * @returns undefined if there is none
 * @throws SlipwayError `github-…`, also for a token that may not read
 */
export async function readKeptComment(
  api: GitHubApi,
  kept: Pick<KeptComment, 'repository' | 'pull' | 'key'>,
): Promise<string | undefined> {
  const [first] = await ownOf(api, await markedComments(api, kept));
  const text = first?.body?.replaceAll('\r\n', '\n');
  return text?.slice(markerOf(kept.key).length + 1);
}

/** What takes the place of comments that a check does not keep any more, by their keys. */
export interface OldComments {
  readonly repository: string;
  readonly pull: number;
  /** Markdown by key. */
  readonly bodies: ReadonlyMap<string, string>;
}

/** Shortens comments of earlier runs, with one list; it writes none that does not exist. A token that may only read changes nothing. */
export async function replaceOldComments(
  api: GitHubApi,
  { repository, pull, bodies }: OldComments,
): Promise<void> {
  try {
    const comments = await listComments(api, repository, pull);
    for (const [key, text] of bodies) {
      const body = `${markerOf(key)}\n${text}`;
      for (const { id, body: known } of await ownOf(api, withMarker(comments, key)))
        if (!sameText(known, body)) await replace(api, repository, id, body);
    }
  } catch (error) {
    if (!lacksPermission(error)) throw error;
  }
}

async function writeComment(api: GitHubApi, comment: KeptComment): Promise<CommentOutcome> {
  const { repository, body, onlyUpdate } = comment;
  const [first, ...others] = await ownOf(api, await markedComments(api, comment));
  await removeAll(api, repository, others);
  if (first !== undefined && sameText(first.body, body)) return 'unchanged';
  if (first !== undefined && (await replace(api, repository, first.id, body))) return 'updated';
  if (onlyUpdate) return 'left-out';
  await createComment(api, comment);
  return 'created';
}

/** If another run has just written one as well, that of the two runs with the later answer is the text that stays. */
async function createComment(api: GitHubApi, comment: KeptComment): Promise<void> {
  const { repository, pull, body } = comment;
  const created = await api.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...splitRepository(repository),
    ...{ issue_number: pull, body },
  });
  const marked = await markedComments(api, comment);
  const [first, ...late] = marked.filter(({ user }) => user?.login === created.user?.login);
  const isKept = first === undefined || first.id === created.id;
  if (isKept || (await replace(api, repository, first.id, body))) await removeAll(api, repository, late);
}

/** GitHub may return other ends of lines, and no space at the end. */
function sameText(known: string | undefined, body: string): boolean {
  return known?.replaceAll('\r\n', '\n').trimEnd() === body.trimEnd();
}

/** @returns false if the comment was deleted since it was listed */
async function replace(api: GitHubApi, repository: string, id: number, body: string): Promise<boolean> {
  const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
  return await isThere(api.request(route, { ...splitRepository(repository), comment_id: id, body }));
}

async function removeAll(
  api: GitHubApi,
  repository: string,
  comments: readonly MarkedComment[],
): Promise<void> {
  const route = 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}';
  for (const { id } of comments)
    await isThere(api.request(route, { ...splitRepository(repository), comment_id: id }));
}

/** Someone else, or another run, may have deleted what was listed. */
async function isThere(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'github-not-found') return false;
    throw error;
  }
}
