import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FORK_TOKEN, type GitHubDouble, secondaryLimit, startGitHub } from '../src/github/index.ts';

const [HEAD, FORKED] = ['3', '4'].map(digit => digit.repeat(40)) as [string, string];
const COMMENTS = '/repos/acme/shop/issues/7/comments';
let github: GitHubDouble;
beforeAll(async () => {
  const tokens = new Map([
    ['ghs_1', { login: 'github-actions[bot]', comments: 'write', statuses: 'write' } as const],
    ['ghs_fork', FORK_TOKEN],
  ]);
  const pulls = [
    { number: 7, author: 'ada', head: HEAD, commits: [HEAD], branch: 'fix' },
    { number: 8, author: 'eve', head: FORKED, commits: [FORKED], branch: 'fix', fork: 'eve/shop' },
  ];
  github = await startGitHub({ directory: '/', tokens, pulls });
});
afterAll(async () => {
  await github.stop();
});

async function ask(method: string, path: string, body?: unknown, token = 'ghs_1'): Promise<number> {
  return (await answerTo(method, path, body, token)).status;
}

function answerTo(method: string, path: string, body?: unknown, token = 'ghs_1'): Promise<Response> {
  return fetch(`${github.apiUrl}${path}`, {
    method,
    headers: { authorization: `token ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe('the double of GitHub', () => {
  it.each<[string, string, string, unknown, string]>([
    [
      'a path that GitHub does not have',
      'GET',
      '/repos/acme/shop/comits',
      undefined,
      'is not of the description',
    ],
    [
      'a method that a path does not take',
      'PUT',
      '/repos/acme/shop/commits',
      undefined,
      'is not of the description',
    ],
    [
      'an unknown query parameter',
      'GET',
      '/repos/acme/shop/commits?pages=2',
      undefined,
      'no query parameter pages',
    ],
    [
      'a parameter of another type',
      'GET',
      '/repos/acme/shop/pulls/one/reviews',
      undefined,
      'must be integer',
    ],
    [
      'a body without a field',
      'POST',
      '/repos/acme/shop/issues/1/comments',
      {},
      "must have required property 'body'",
    ],
    [
      'a body with one too many',
      'POST',
      '/repos/acme/shop/issues/1/comments',
      { body: 'a', title: 'b' },
      'must NOT have additional',
    ],
    ['a body of another type', 'POST', '/repos/acme/shop/issues/1/comments', { body: 1 }, 'must be string'],
    [
      'a state that no status has',
      'POST',
      `/repos/acme/shop/statuses/${HEAD}`,
      { state: 'green' },
      'must be equal',
    ],
    ['nothing where all is right', 'GET', '/repos/acme/shop/issues/1/comments', undefined, ''],
  ])('notes %s', async (_title, method, path, body, problem) => {
    const before = github.problems.length;
    await ask(method, path, body);
    const noted = github.problems.slice(before).join('\n');
    if (problem === '') expect(noted).toBe('');
    else expect(noted).toContain(problem);
  });

  it('knows no user without a token, and nothing of another repository', async () => {
    expect((await fetch(`${github.apiUrl}/repos/acme/shop/commits`)).status).toBe(401);
    expect(await ask('GET', '/repos/acme/other/commits')).toBe(404);
  });

  it.each<[string, string, unknown, string]>([
    ['POST', COMMENTS, { body: 'a' }, 'comments: write'],
    ['PATCH', '/repos/acme/shop/issues/comments/1', { body: 'a' }, 'comments: write'],
    ['DELETE', '/repos/acme/shop/issues/comments/1', undefined, 'comments: write'],
    ['POST', `/repos/acme/shop/statuses/${HEAD}`, { state: 'success' }, 'statuses: write'],
    ['GET', '/orgs/acme/teams/operators/memberships/ada', undefined, 'members: read'],
  ])("refuses a fork's token and notes why: %s %s", async (method, path, body, missing) => {
    const before = github.refusals.length;
    const answer = await answerTo(method, path, body, 'ghs_fork');
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({ message: 'Resource not accessible by integration' });
    expect(github.refusals.slice(before)).toEqual([expect.stringMatching(`^${method} .* needs ${missing}$`)]);
    expect(github.state.comments).toEqual([]);
  });

  it("lets a fork's token read", async () => {
    for (const path of ['/pulls/7', '/issues/7/comments', `/commits/${HEAD}/statuses`])
      expect(await ask('GET', `/repos/acme/shop${path}`, undefined, 'ghs_fork')).toBe(200);
  });

  it.each([
    ['of more than 140 characters', { description: 'a'.repeat(141) }],
    ['with a character of four bytes', { description: '\u{1f6a2}' }],
  ])('refuses a status with a description %s', async (_title, more) => {
    expect(await ask('POST', `/repos/acme/shop/statuses/${HEAD}`, { state: 'success', ...more })).toBe(422);
  });

  it('lists all statuses of a commit, the newest first', async () => {
    for (const [context, state] of [
      ['a', 'pending'],
      ['b', 'failure'],
      ['A', 'success'],
    ])
      expect(await ask('POST', `/repos/acme/shop/statuses/${HEAD}`, { context, state })).toBe(201);
    const listed = await answerTo('GET', `/repos/acme/shop/commits/${HEAD}/statuses`);
    const statuses = (await listed.json()) as { context: string; state: string }[];
    expect(statuses.map(({ context, state }) => [context, state])).toEqual([
      ['A', 'success'],
      ['b', 'failure'],
      ['a', 'pending'],
    ]);
  });

  it('lists the pull request of a fork by its branch, and not by its commit', async () => {
    const numbers = async (path: string): Promise<number[]> => {
      const pulls = (await (await answerTo('GET', `/repos/acme/shop${path}`)).json()) as { number: number }[];
      return pulls.map(({ number }) => number);
    };
    expect(await numbers('/pulls?head=eve:fix')).toEqual([8]);
    expect(await numbers('/pulls?head=acme:fix')).toEqual([7]);
    expect(await numbers(`/commits/${HEAD}/pulls`)).toEqual([7]);
    expect(await numbers(`/commits/${FORKED}/pulls`)).toEqual([]);
  });

  it('answers who a token belongs to, and no other question of GraphQL', async () => {
    const url = github.apiUrl.replace('/v3', '/graphql');
    const query = async (text: string): Promise<unknown> => {
      const body = JSON.stringify({ query: text });
      const answer = await fetch(url, { method: 'POST', headers: { authorization: 'token ghs_1' }, body });
      return await answer.json();
    };
    const before = github.problems.length;
    expect(await query('query { viewer { login } }')).toEqual({
      data: { viewer: { login: 'github-actions[bot]' } },
    });
    expect(github.problems.length).toBe(before);
    await query('query { viewer { email } }');
    expect(github.problems.length).toBe(before + 1);
  });

  it('answers with a secondary limit as GitHub words it', async () => {
    github.fail(secondaryLimit(30));
    const answer = await answerTo('GET', COMMENTS);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([403, '30']);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('secondary rate limit') });
    expect(await ask('GET', COMMENTS)).toBe(200);
  });

  it('changes its state between two requests, once', async () => {
    await ask('POST', COMMENTS, { body: 'a' });
    const [{ id } = { id: 0 }] = github.state.comments;
    github.meanwhile('PATCH', ({ comments }) => void comments.splice(0));
    expect(await ask('PATCH', `/repos/acme/shop/issues/comments/${id}`, { body: 'b' })).toBe(404);
    await ask('POST', COMMENTS, { body: 'c' });
    expect(await ask('PATCH', `/repos/acme/shop/issues/comments/${id}`, { body: 'd' })).toBe(200);
    expect(await ask('DELETE', `/repos/acme/shop/issues/comments/${id}`)).toBe(204);
    expect(await ask('DELETE', `/repos/acme/shop/issues/comments/${id}`)).toBe(404);
  });

  it('lets requests of two runs meet', async () => {
    github.gather('GET', 2);
    let answered = 0;
    const first = ask('GET', COMMENTS).then(() => (answered += 1));
    await ask('POST', COMMENTS, { body: 'a' });
    expect(answered).toBe(0);
    await ask('GET', COMMENTS);
    await first;
    expect(answered).toBe(1);
  });
});
