import { describe, expect, it } from '@jest/globals';
import { type CommitStatus, setStatus } from '../src/index.ts';
import { REPOSITORY, type Started, start, stopDoubles } from './support/github.ts';

const HEAD = '3'.repeat(40);
const pull = { number: 7, author: 'ada', head: HEAD, commits: [HEAD] };
const status: CommitStatus = {
  repository: REPOSITORY,
  commit: HEAD,
  context: 'slipway/shop',
  state: 'pending',
  description: 'waits for @acme/operators',
  targetUrl: 'https://github.com/acme/shop/actions/runs/1/attempts/1',
};

stopDoubles();

const startWithPull = (token?: string): Promise<Started> => start({ pulls: [pull] }, token);

describe('the status of a commit', () => {
  it('is set with a read and a write', async () => {
    const { api, github } = await startWithPull();
    expect(await setStatus(api, status)).toBe('set');
    expect(github.requests).toEqual([
      `GET /repos/acme/shop/commits/${HEAD}/status`,
      `POST /repos/acme/shop/statuses/${HEAD}`,
    ]);
    const { repository: _, ...set } = status;
    expect(github.state.statuses).toEqual([{ ...set, creator: 'github-actions[bot]' }]);
  });

  it('stays if it says the same, whichever run said it', async () => {
    const { api, github } = await startWithPull();
    await setStatus(api, status);
    const later = { ...status, targetUrl: 'https://github.com/acme/shop/actions/runs/1/attempts/2' };
    expect(await setStatus(api, later)).toBe('unchanged');
    expect(await setStatus(api, { ...later, context: 'Slipway/Shop' })).toBe('unchanged');
    expect(github.state.statuses.length).toBe(1);
  });

  it('is set again if something else was said in between', async () => {
    const { api, github } = await startWithPull();
    for (const state of ['pending', 'success', 'pending'] as const)
      expect(await setStatus(api, { ...status, state })).toBe('set');
    expect(github.state.statuses.map(({ state }) => state)).toEqual(['pending', 'success', 'pending']);
  });

  it('is another one for another commit or name', async () => {
    const other = '4'.repeat(40);
    const { api } = await start({ pulls: [{ ...pull, commits: [HEAD, other] }] });
    await setStatus(api, status);
    expect(await setStatus(api, { ...status, context: 'slipway/other' })).toBe('set');
    expect(await setStatus(api, { ...status, commit: other })).toBe('set');
  });

  it('is found behind a hundred others', async () => {
    const { api, github } = await startWithPull();
    const others = Array.from({ length: 250 }, (_, index) => `check-${index}`);
    for (const context of [...others, status.context])
      github.state.statuses.push({ ...status, targetUrl: '', context, creator: 'ci' });
    expect(await setStatus(api, status)).toBe('unchanged');
    expect(github.requests.length).toBe(3);
  });

  it.each([
    [
      'one that may only read, as for a fork',
      'ghs_fork',
      'POST /repos/{owner}/{repo}/statuses/{sha} needs statuses: write',
    ],
    [
      'one that may not even read',
      'ghs_none',
      'GET /repos/{owner}/{repo}/commits/{ref}/status needs statuses: read',
    ],
  ])('is forbidden to a token, which is not a failure: %s', async (_title, token, refusal) => {
    const { api, github } = await startWithPull(token);
    expect(await setStatus(api, status)).toBe('forbidden');
    expect(github.state.statuses).toEqual([]);
    expect(github.refusals).toEqual([refusal]);
  });

  it('is a failure with an invalid token', async () => {
    const { api } = await startWithPull('ghs_unknown');
    await expect(setStatus(api, status)).rejects.toMatchObject({ code: 'github-forbidden' });
  });

  it('of a commit that GitHub does not have is refused with its words', async () => {
    const { api } = await startWithPull();
    await expect(setStatus(api, { ...status, commit: '5'.repeat(40) })).rejects.toMatchObject({
      code: 'github-not-found',
    });
  });

  it('is refused with a sentence after the thousandth', async () => {
    const { api, github } = await startWithPull();
    for (let index = 0; index < 1000; index++)
      github.state.statuses.push({ ...status, targetUrl: '', state: 'success', creator: 'ci' });
    await expect(setStatus(api, status)).rejects.toMatchObject({
      code: 'github-refused',
      message: expect.stringContaining('reached the maximum number of statuses'),
    });
  });

  it('is sent again if its answer was lost, since a second one says the same', async () => {
    const { api, github, waits } = await startWithPull();
    github.fail({ status: 0 }, { status: 502, afterwards: true });
    expect(await setStatus(api, status)).toBe('set');
    expect(waits.length).toBe(1);
    expect(new Set(github.state.statuses.map(({ state }) => state))).toEqual(new Set(['pending']));
  });
});

describe('the description of a status', () => {
  async function described(description: string): Promise<string> {
    const { api, github } = await startWithPull();
    expect(await setStatus(api, { ...status, description })).toBe('set');
    expect(await setStatus(api, { ...status, description })).toBe('unchanged');
    return github.state.statuses[0]?.description ?? '';
  }

  it('is cut at a word if GitHub would refuse its length', async () => {
    const sentence = 'waits for the sign-off of an operator; '.repeat(5);
    expect(await described(sentence)).toBe(`${sentence.slice(0, 139)}…`);
    expect(sentence.slice(139)).toMatch(/^ of an operator/);
  });

  it.each<[string, string, string]>([
    ['a text of 140 characters stays', 'a'.repeat(140), 'a'.repeat(140)],
    ['a single long word is cut', 'a'.repeat(141), `${'a'.repeat(139)}…`],
    ['no punctuation before the cut', `${'a'.repeat(138)}, b`, `${'a'.repeat(138)}…`],
    ['lines become one', 'two\n  lines\t\u0007 here ', 'two lines here'],
    ['a character that GitHub refuses is replaced', 'ships 🚢 ✅', 'ships \u{fffd} ✅'],
  ])('fits: %s', async (_title, given, expected) => {
    expect(await described(given)).toBe(expected);
  });
});
