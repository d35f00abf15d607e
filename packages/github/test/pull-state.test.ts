import { describe, expect, it } from '@jest/globals';
import type { GitHubApi } from '../src/api/github-api.ts';
import { readPullState } from '../src/api/pull-state.ts';

const PULL = {
  ...{ number: 7, state: 'closed', draft: false, user: { type: 'User' } },
  ...{ base: { repo: { id: 4711 } }, head: { repo: { id: 4711 }, sha: 'c' } },
};

async function read(status: number, data: unknown) {
  const api = { exactly: async () => ({ status, data }) } as unknown as GitHubApi;
  return await readPullState(api, 'acme/shop', 7);
}

it('a pull request is closed by a plain answer', async () => {
  expect(await read(200, PULL)).toMatchObject({ state: 'closed', repositoryId: 4711, isOfFork: false });
});

describe('it is not known whether a pull request is closed', () => {
  it.each([201, 202, 204, 301, 302, 304, 307, 400, 401, 403, 404, 410, 422, 429, 451, 500, 502, 503])(
    'by an answer with the status %i, whatever it says',
    async status => {
      expect(await read(status, PULL)).toMatchObject({ state: 'unknown' });
    },
  );

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty list', []],
    ['a list with it', [PULL]],
    ['text', JSON.stringify(PULL)],
    ['no fields', {}],
    ['another number', { ...PULL, number: 8 }],
    ['its number as text', { ...PULL, number: '7' }],
    ['no state', { ...PULL, state: undefined }],
    ['another state', { ...PULL, state: 'merged' }],
    ['its state in capitals', { ...PULL, state: 'CLOSED' }],
    ['no repository', { ...PULL, base: {} }],
    ['a repository without a number', { ...PULL, base: { repo: { full_name: 'acme/shop' } } }],
    ['a repository with text for a number', { ...PULL, base: { repo: { id: '4711' } } }],
  ])('by an answer that is %s', async (_title, data) => {
    expect(await read(200, data)).toMatchObject({ state: 'unknown' });
  });
});

describe('the branch of a pull request is foreign', () => {
  it.each<[string, unknown]>([
    ['of another repository', { repo: { id: 1 } }],
    ['of one that was deleted', { repo: null }],
    ['of none', undefined],
    ['of one whose number is text', { repo: { id: '4711' } }],
  ])('if it is %s', async (_title, head) => {
    expect(await read(200, { ...PULL, state: 'open', head })).toMatchObject({
      state: 'open',
      isOfFork: true,
    });
  });
});
