import { describe, expect, it } from '@jest/globals';
import { type KeptIssue, keepIssue } from '../src/index.ts';
import { REPOSITORY, start, stopDoubles } from './support/github.ts';

stopDoubles();

const BOT = { login: 'github-actions[bot]', issues: 'write' } as const;
const issue: KeptIssue = {
  ...{ repository: REPOSITORY, key: 'slipway.yaml', title: 'What runs where: shop', body: 'drift' },
  isNeeded: true,
};
const well: KeptIssue = { ...issue, body: 'all is well', isNeeded: false };

const startAs = (token: object = BOT, options: object = {}) =>
  start({ tokens: new Map([['ghs_1', token as never]]), ...options });

describe('the issue', () => {
  it('is opened once, updated while it is needed, and closed when it is not', async () => {
    const { api, github } = await startAs();
    expect(await keepIssue(api, well)).toEqual({ what: 'none' });
    expect(await keepIssue(api, issue)).toEqual({ what: 'opened', number: 1, unassigned: [] });
    expect(await keepIssue(api, { ...issue, body: 'more drift' })).toEqual({ what: 'updated', number: 1 });
    expect(github.state.issues).toMatchObject([
      { body: expect.stringMatching(/^<!-- slipway:status [0-9a-f]{16} -->\nmore drift$/), state: 'open' },
    ]);
    expect(await keepIssue(api, well)).toEqual({ what: 'closed', number: 1 });
    expect(await keepIssue(api, well)).toEqual({ what: 'none' });
    expect(github.state.issues).toMatchObject([{ state: 'closed', stateReason: 'completed' }]);
    expect(await keepIssue(api, issue)).toMatchObject({ what: 'opened', number: 2 });
  });

  it('of another application is another one', async () => {
    const { api, github } = await startAs();
    await keepIssue(api, issue);
    await keepIssue(api, { ...issue, key: 'other/slipway.yaml' });
    await keepIssue(api, well);
    expect(github.state.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('never is one that someone else opened, nor a pull request, whatever it begins with', async () => {
    const { api, github } = await startAs();
    await keepIssue(api, issue);
    const body = github.state.issues[0]?.body ?? '';
    github.state.issues.length = 0;
    github.state.issues.push({ number: 5, user: 'mallory', title: 'x', body, state: 'open' });
    expect(await keepIssue(api, well)).toEqual({ what: 'none' });
    expect(await keepIssue(api, issue)).toMatchObject({ what: 'opened' });
    expect(github.state.issues[0]).toMatchObject({ state: 'open', title: 'x' });
  });

  it('is found again by the token of an app, which has a name of its own', async () => {
    const { api, github } = await startAs({ login: 'acme-status[bot]', issues: 'write' });
    await keepIssue(api, issue);
    expect(await keepIssue(api, well)).toEqual({ what: 'closed', number: 1 });
    expect(github.state.issues).toMatchObject([{ user: 'acme-status[bot]', state: 'closed' }]);
  });

  it('stays one if two runs open one at the same time', async () => {
    const { api, github } = await startAs();
    github.gather('POST /repos/acme/shop/issues', 2);
    await Promise.all([keepIssue(api, issue), keepIssue(api, issue)]);
    await keepIssue(api, issue);
    expect(github.state.issues.filter(({ state }) => state === 'open').map(({ number }) => number)).toEqual([
      1,
    ]);
  });

  it('that a person closed stays closed, and the next look opens another while there is a reason', async () => {
    const { api, github } = await startAs();
    await keepIssue(api, issue);
    Object.assign(github.state.issues[0] ?? {}, { state: 'closed', stateReason: 'not_planned' });
    expect(await keepIssue(api, well)).toEqual({ what: 'none' });
    expect(await keepIssue(api, issue)).toMatchObject({ what: 'opened', number: 2 });
    expect(github.state.issues).toMatchObject([
      { state: 'closed', stateReason: 'not_planned' },
      { state: 'open' },
    ]);
  });

  it('has as much of a long text as GitHub takes, says so, and is found again', async () => {
    const { api, github } = await startAs();
    const body = Array.from({ length: 9_000 }, (_, row) => `- production/d${row} is not ready\n`).join('');
    await keepIssue(api, { ...issue, body });
    expect(await keepIssue(api, { ...issue, body })).toEqual({ what: 'updated', number: 1 });
    expect(github.state.issues[0]?.body.length).toBeLessThanOrEqual(65_536);
    expect(github.state.issues[0]?.body).toContain('The text was cut here');
  });

  it('is assigned once to whom it is for, and says who could not be', async () => {
    const { api, github } = await startAs(BOT, { users: new Map([['ada', 1]]) });
    const given = { ...issue, assignees: ['ada', 'stranger'] };
    expect(await keepIssue(api, given)).toEqual({ what: 'opened', number: 1, unassigned: ['stranger'] });
    Object.assign(github.state.issues[0] ?? {}, { assignees: [] });
    await keepIssue(api, given);
    expect(github.state.issues).toMatchObject([{ assignees: [] }]);
    expect(github.requests.filter(asked => asked.endsWith('/assignees'))).toHaveLength(1);
  });

  it('is not written by a token that may only read', async () => {
    const { api, github } = await startAs({ login: 'github-actions[bot]', issues: 'read' });
    expect(await keepIssue(api, issue)).toEqual({ what: 'forbidden' });
    expect(github.state.issues).toEqual([]);
  });
});
