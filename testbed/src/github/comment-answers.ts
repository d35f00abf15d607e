import type { GitHubState } from './state.ts';
import { type Answer, invalid, NOT_FOUND, ok } from './told.ts';

const MAX_COMMENT = 65_536;

/** Answers about the comments of pull requests. */
export const COMMENT_ANSWERS = {
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': ({ parameters }, { comments }) =>
    ok(comments.filter(({ pull }) => pull === Number(parameters['issue_number'])).map(commentBody)),
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': (
    { parameters, body, token },
    { comments },
  ) => {
    const text = body?.['body'] ?? '';
    if (text.length > MAX_COMMENT) return tooLong();
    const id = Math.max(0, ...comments.map(comment => comment.id)) + 1;
    const comment = { id, pull: Number(parameters['issue_number']), user: token.login, body: text };
    comments.push(comment);
    return { status: 201, body: commentBody(comment) };
  },
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': ({ parameters, body }, { comments }) => {
    const text = body?.['body'] ?? '';
    if (text.length > MAX_COMMENT) return tooLong();
    const comment = comments.find(({ id }) => id === Number(parameters['comment_id']));
    if (comment === undefined) return NOT_FOUND;
    comment.body = text;
    return ok(commentBody(comment));
  },
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}': ({ parameters }, { comments }) => {
    const index = comments.findIndex(({ id }) => id === Number(parameters['comment_id']));
    if (index < 0) return NOT_FOUND;
    comments.splice(index, 1);
    return { status: 204, body: undefined };
  },
} satisfies Record<string, Answer>;

function tooLong() {
  return invalid('body is too long (maximum is 65536 characters)');
}

function commentBody({ id, user, body }: GitHubState['comments'][number]) {
  return { id, body, user: { login: user, type: user.endsWith('[bot]') ? 'Bot' : 'User' } };
}
