import { describe, expect, it } from '@jest/globals';
import { type CommitStatus, type StatusSetter, setStatus } from '../src/index.ts';
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

const SETTER: StatusSetter = {
  check: 'slipway.yaml',
  workflow: { file: 'acme/shop/.github/workflows/review.yml', commit: '1'.repeat(40) },
};

stopDoubles();

const startWithPull = (token?: string): Promise<Started> => start({ pulls: [pull] }, token);

describe('the status of a commit', () => {
  it('is set with a read and a write', async () => {
    const { api, github } = await startWithPull();
    expect(await setStatus(api, status, SETTER)).toBe('set');
    expect(github.requests).toEqual([
      `GET /repos/acme/shop/commits/${HEAD}/statuses`,
      `POST /repos/acme/shop/statuses/${HEAD}`,
    ]);
    const { repository: _, targetUrl, ...set } = status;
    expect(github.state.statuses).toEqual([
      {
        ...set,
        targetUrl: expect.stringMatching(`^${targetUrl}#slipway(-[0-9a-f]+){3}$`),
        creator: 'github-actions[bot]',
      },
    ]);
  });

  it('stays if it says the same, whichever run said it', async () => {
    const { api, github } = await startWithPull();
    await setStatus(api, status, SETTER);
    const later = { ...status, targetUrl: 'https://github.com/acme/shop/actions/runs/1/attempts/2' };
    expect(await setStatus(api, later, SETTER)).toBe('unchanged');
    expect(await setStatus(api, { ...later, context: 'Slipway/Shop' }, SETTER)).toBe('unchanged');
    expect(github.state.statuses.length).toBe(1);
  });

  it('is set again if something else was said in between', async () => {
    const { api, github } = await startWithPull();
    for (const state of ['pending', 'success', 'pending'] as const)
      expect(await setStatus(api, { ...status, state }, SETTER)).toBe('set');
    expect(github.state.statuses.map(({ state }) => state)).toEqual(['pending', 'success', 'pending']);
  });

  it('is another one for another commit or name', async () => {
    const other = '4'.repeat(40);
    const { api } = await start({ pulls: [{ ...pull, commits: [HEAD, other] }] });
    await setStatus(api, status, SETTER);
    expect(await setStatus(api, { ...status, context: 'slipway/other' }, SETTER)).toBe('set');
    expect(await setStatus(api, { ...status, commit: other }, SETTER)).toBe('set');
  });

  it('is found behind a hundred others', async () => {
    const { api, github } = await startWithPull();
    await setStatus(api, status, SETTER);
    for (let index = 0; index < 250; index++)
      github.state.statuses.push({ ...status, targetUrl: '', context: `check-${index}`, creator: 'ci' });
    const before = github.requests.length;
    expect(await setStatus(api, status, SETTER)).toBe('unchanged');
    expect(github.requests.length - before).toBe(3);
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
      'GET /repos/{owner}/{repo}/commits/{ref}/statuses needs statuses: read',
    ],
  ])('is forbidden to a token, which is not a failure: %s', async (_title, token, refusal) => {
    const { api, github } = await startWithPull(token);
    expect(await setStatus(api, status, SETTER)).toBe('forbidden');
    expect(github.state.statuses).toEqual([]);
    expect(github.refusals).toEqual([refusal]);
  });

  it('is a failure with an invalid token', async () => {
    const { api } = await startWithPull('ghs_unknown');
    await expect(setStatus(api, status, SETTER)).rejects.toMatchObject({ code: 'github-forbidden' });
  });

  it('of a commit that GitHub does not have is refused with its words', async () => {
    const { api } = await startWithPull();
    await expect(setStatus(api, { ...status, commit: '5'.repeat(40) }, SETTER)).rejects.toMatchObject({
      code: 'github-not-found',
    });
  });

  it('is refused with a sentence after the thousandth', async () => {
    const { api, github } = await startWithPull();
    for (let index = 0; index < 1000; index++)
      github.state.statuses.push({ ...status, targetUrl: '', state: 'success', creator: 'ci' });
    await expect(setStatus(api, status, SETTER)).rejects.toMatchObject({
      code: 'github-refused',
      message: expect.stringContaining('reached the maximum number of statuses'),
    });
  });

  it('is sent again if its answer was lost, since a second one says the same', async () => {
    const { api, github, waits } = await startWithPull();
    github.fail({ status: 0 }, { status: 502, afterwards: true });
    expect(await setStatus(api, status, SETTER)).toBe('set');
    expect(waits.length).toBe(1);
    expect(new Set(github.state.statuses.map(({ state }) => state))).toEqual(new Set(['pending']));
  });
});

describe('a status that two checks set', () => {
  const success: CommitStatus = { ...status, state: 'success', description: '1 object changes' };
  const failure: CommitStatus = { ...status, state: 'failure', description: '2 errors' };
  const other: StatusSetter = { ...SETTER, check: 'other/slipway.yaml' };
  const stateOf = ({ github }: Started) => github.state.statuses.at(-1)?.state;

  it.each<[string, StatusSetter]>([
    ['another step of the run', other],
    [
      'another workflow',
      { check: 'other', workflow: { file: 'acme/shop/.github/workflows/more.yml', commit: '2'.repeat(40) } },
    ],
  ])('is a failure, whichever of them succeeds: %s', async (_title, second) => {
    const started = await startWithPull();
    expect(await setStatus(started.api, failure, SETTER)).toBe('set');
    expect(await setStatus(started.api, status, second)).toBe('set');
    expect(await setStatus(started.api, success, second)).toBe('shared');
    expect(stateOf(started)).toBe('failure');
    expect(await setStatus(started.api, success, SETTER)).toBe('shared');
    expect(stateOf(started)).toBe('failure');
  });

  it('is a failure if the other one waits for someone in the end, which must not hide it either', async () => {
    const started = await startWithPull();
    const waiting: CommitStatus = { ...status, state: 'waiting', description: 'waits for @ada' };
    expect(await setStatus(started.api, waiting, SETTER)).toBe('set');
    expect(stateOf(started)).toBe('pending');
    expect(await setStatus(started.api, failure, other)).toBe('shared');
    expect(await setStatus(started.api, waiting, SETTER)).toBe('shared');
    expect(stateOf(started)).toBe('failure');
  });

  it('is a failure where the runner does not say what workflow it runs', async () => {
    const started = await startWithPull();
    const workflow = { file: '', commit: '' };
    await setStatus(started.api, failure, { ...SETTER, workflow });
    expect(await setStatus(started.api, success, { ...other, workflow })).toBe('shared');
  });

  it('is a failure even if the other one set it while this one was writing', async () => {
    const started = await startWithPull();
    const { api, github, open } = started;
    await setStatus(api, status, SETTER);
    const second = await open('ghs_1');
    // Both look before either writes that it has begun, and the one that fails is done before the other writes.
    github.meanwhile(`POST /repos/acme/shop/statuses/${HEAD}`, state => {
      const mark = '#slipway-aaaaaaaaaaaa-bbbbbbbb-cccccccc';
      state.statuses.push({
        ...{ commit: HEAD, context: status.context, creator: 'github-actions[bot]' },
        ...{ state: 'failure', description: '2 errors', targetUrl: `${status.targetUrl}${mark}` },
      });
    });
    expect(await setStatus(second, success, SETTER)).toBe('shared');
    expect(stateOf(started)).toBe('failure');
  });

  it('is replaced by the same workflow after it was changed', async () => {
    const started = await startWithPull();
    await setStatus(started.api, failure, SETTER);
    const changed = { ...other, workflow: { ...SETTER.workflow, commit: '2'.repeat(40) } };
    expect(await setStatus(started.api, success, changed)).toBe('set');
    expect(stateOf(started)).toBe('success');
  });

  it('is not looked for among statuses of other names, of other programs and of other commits', async () => {
    const later = '4'.repeat(40);
    const { api, github } = await start({ pulls: [{ ...pull, commits: [HEAD, later] }] });
    await setStatus(api, { ...failure, context: 'slipway/other' }, other);
    await setStatus(api, { ...failure, commit: later }, other);
    github.state.statuses.push({ ...failure, targetUrl: 'https://ci.example.org/#1', creator: 'ci' });
    expect(await setStatus(api, success, SETTER)).toBe('set');
  });
});

describe('the description of a status', () => {
  async function described(description: string): Promise<string> {
    const { api, github } = await startWithPull();
    expect(await setStatus(api, { ...status, description }, SETTER)).toBe('set');
    expect(await setStatus(api, { ...status, description }, SETTER)).toBe('unchanged');
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
