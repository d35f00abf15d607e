import { hasCommit } from './git-answers.ts';
import type { CommitStatus } from './state.ts';
import { type Answer, invalid, NOT_FOUND, ok } from './told.ts';

const MAX_DESCRIPTION = 140;
const MAX_STATUSES = 1000;

/** Answers about the statuses of commits. https://docs.github.com/en/rest/commits/statuses */
export const STATUS_ANSWERS = {
  /** The newest first. */
  'GET /repos/{owner}/{repo}/commits/{ref}/statuses': ({ parameters }, state) => {
    const sha = parameters['ref'] ?? '';
    if (!hasCommit(state, sha)) return NOT_FOUND;
    return ok(
      state.statuses
        .filter(({ commit }) => commit === sha)
        .map(statusBody)
        .reverse(),
    );
  },
  'POST /repos/{owner}/{repo}/statuses/{sha}': ({ parameters, body = {}, token }, state) => {
    const commit = parameters['sha'] ?? '';
    const { context = 'default', description = '', target_url: targetUrl = '' } = body;
    if (!hasCommit(state, commit)) return invalid(`No commit found for SHA: ${commit}`);
    if ([...description].length > MAX_DESCRIPTION)
      return invalid('description is too long (maximum is 140 characters)');
    if (/[\u{10000}-\u{10ffff}]/u.test(description + context))
      return invalid("description doesn't accept 4-byte Unicode");
    const isFull = state.statuses.filter(same => same.commit === commit && same.context === context);
    if (isFull.length >= MAX_STATUSES)
      return invalid('This SHA and context has reached the maximum number of statuses.');
    const status = { commit, context, description, targetUrl, state: body['state'] ?? '' };
    state.statuses.push({ ...status, creator: token.login });
    return { status: 201, body: { ...statusBody(status), creator: { login: token.login, type: 'Bot' } } };
  },
} satisfies Record<string, Answer>;

function statusBody({ context, state, description, targetUrl }: Omit<CommitStatus, 'creator'>) {
  return { context, state, description, target_url: targetUrl === '' ? null : targetUrl };
}
