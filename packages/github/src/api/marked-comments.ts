import { sha256 } from '@slipway/core';
import type { GitHubApi } from './github-api.ts';
import { splitRepository } from './repository-name.ts';

export interface MarkedComment {
  readonly id: number;
  readonly body?: string | undefined;
  readonly user: { readonly login: string; readonly type: string } | null;
}

/** The author of comments that are written with the token of a job. */
const WORKFLOWS = 'github-actions[bot]';
const MARKER = '<!-- slipway:policy-check ';

export function markerOf(key: string): string {
  return `${MARKER}${sha256(key).slice(-16)} -->`;
}

/** The comments with a listing that a job wrote; those of other authors do not count, whatever they contain. */
export async function readComments(
  api: GitHubApi,
  repository: string,
  pull: number,
): Promise<readonly string[]> {
  return (await listComments(api, repository, pull))
    .filter(isOfJob)
    .flatMap(({ body = '' }) => (body.startsWith(MARKER) ? [body] : []));
}

/** All with the marker of the key, the oldest first. */
export async function markedComments(
  api: GitHubApi,
  { repository, pull, key }: { readonly repository: string; readonly pull: number; readonly key: string },
): Promise<MarkedComment[]> {
  return withMarker(await listComments(api, repository, pull), key);
}

/** An editor in a browser ends lines with CR and LF. */
export function withMarker(comments: readonly MarkedComment[], key: string): MarkedComment[] {
  const marker = markerOf(key);
  return comments
    .filter(({ body = '' }) => body.startsWith(`${marker}\n`) || body.startsWith(`${marker}\r\n`))
    .sort((a, b) => a.id - b.id);
}

/** Anyone can copy the marker. GitHub is asked who we are only where no job wrote it, as with the token of an app. */
export async function ownOf(
  api: GitHubApi,
  marked: readonly MarkedComment[],
): Promise<readonly MarkedComment[]> {
  const ofJobs = marked.filter(isOfJob);
  if (ofJobs.length > 0 || marked.length === 0) return ofJobs;
  const login = await api.login();
  return marked.filter(({ user }) => user?.login === login);
}

function isOfJob({ user }: MarkedComment): boolean {
  return user?.type === 'Bot' && user.login === WORKFLOWS;
}

export async function listComments(
  api: GitHubApi,
  repository: string,
  pull: number,
): Promise<MarkedComment[]> {
  const name = splitRepository(repository);
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const comments = await api.list(route, { ...name, issue_number: pull });
  return comments.map(({ id, body, user }) => ({ id: Number(id), body, user }));
}
