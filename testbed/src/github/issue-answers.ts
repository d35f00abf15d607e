import type { GitHubState, Issue } from './state.ts';
import { type Answer, invalid, NOT_FOUND, ok } from './told.ts';

const MAX_BODY = 65_536;
const MAX_TITLE = 256;

/** Answers about issues. GitHub lists pull requests among them. https://docs.github.com/en/rest/issues/issues */
export const ISSUE_ANSWERS = {
  'GET /repos/{owner}/{repo}/issues': ({ query }, { issues, pulls }) => {
    const [wanted, creator] = [query.get('state') ?? 'open', query.get('creator')];
    const found = issues.filter(({ state, user }) => {
      return (wanted === 'all' || state === wanted) && (creator === null || user === creator);
    });
    const requests = pulls
      .filter(({ author, merged, closed }) => {
        return merged === undefined && closed !== true && (creator === null || author === creator);
      })
      .map(({ number, author }) => ({
        ...issueBody({ number, user: author, title: '', body: '', state: 'open' }),
        pull_request: {},
      }));
    return ok([...found.map(issueBody), ...requests].sort((a, b) => b.number - a.number));
  },
  'POST /repos/{owner}/{repo}/issues': ({ body = {}, token }, state) => {
    const { title = '', body: text = '' } = body;
    const wrong = tooLong(title, text);
    if (wrong !== undefined) return wrong;
    const issue: Issue = { number: nextNumber(state), user: token.login, title, body: text, state: 'open' };
    state.issues.push(issue);
    return { status: 201, body: issueBody(issue) };
  },
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': ({ parameters, body = {} }, { issues }) => {
    const issue = issues.find(({ number }) => number === Number(parameters['issue_number']));
    if (issue === undefined) return NOT_FOUND;
    const { title = issue.title, body: text = issue.body } = body;
    const wrong = tooLong(title, text);
    if (wrong !== undefined) return wrong;
    const state = body['state'] === 'closed' ? 'closed' : body['state'] === 'open' ? 'open' : issue.state;
    Object.assign(issue, { title, body: text, state, stateReason: body['state_reason'] });
    return ok(issueBody(issue));
  },
  // GitHub leaves out, without a word, who may not be assigned.
  'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees': ({ parameters, body }, { issues, users }) => {
    const issue = issues.find(({ number }) => number === Number(parameters['issue_number']));
    if (issue === undefined) return NOT_FOUND;
    const { assignees = [] } = (body ?? {}) as { readonly assignees?: readonly string[] };
    const known = assignees.filter(login => users.has(login));
    issue.assignees = [...new Set([...(issue.assignees ?? []), ...known])];
    return { status: 201, body: issueBody(issue) };
  },
} satisfies Record<string, Answer>;

function tooLong(title: string, text: string) {
  if (title.length > MAX_TITLE) return invalid('title is too long (maximum is 256 characters)');
  return text.length > MAX_BODY ? invalid('body is too long (maximum is 65536 characters)') : undefined;
}

function nextNumber({ issues, pulls }: GitHubState): number {
  return Math.max(0, ...[...issues, ...pulls].map(({ number }) => number)) + 1;
}

function issueBody({ number, user, title, body, state, assignees = [] }: Issue) {
  return {
    ...{ number, title, body, state, user: { login: user, type: user.endsWith('[bot]') ? 'Bot' : 'User' } },
    assignees: assignees.map(login => ({ login, type: 'User' })),
  };
}
