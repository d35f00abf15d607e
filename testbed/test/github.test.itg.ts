import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GitHubDouble, startGitHub } from '../src/github/index.ts';

let github: GitHubDouble;
beforeAll(async () => {
  const tokens = new Map([['ghs_1', { login: 'github-actions[bot]', comments: 'write' } as const]]);
  github = await startGitHub({ directory: '/', tokens });
});
afterAll(async () => {
  await github.stop();
});

async function ask(method: string, path: string, body?: unknown): Promise<number> {
  const { status } = await fetch(`${github.apiUrl}${path}`, {
    method,
    headers: { authorization: 'token ghs_1' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return status;
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
});
