import { afterEach, describe, expect, it } from '@jest/globals';
import type { ApplicationStatus, StatusState } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { type GitHubDouble, startGitHub, type Token } from '@slipway/testbed/github';
import type { InputsFor } from '../src/inputs/inputs.ts';
import { keepStatusIssue } from '../src/tell/keep-status-issue.ts';

const started: GitHubDouble[] = [];
afterEach(async () => {
  const doubles = started.splice(0);
  await Promise.all(doubles.map(double => double.stop()));
  expect(doubles.flatMap(({ problems }) => problems)).toEqual([]);
});

async function open(token: Partial<Token> = { issues: 'write' }): Promise<GitHubDouble> {
  const tokens = new Map([['ghs_1', { login: 'github-actions[bot]', ...token }]]);
  const github = await startGitHub({ directory: '/', tokens });
  started.push(github);
  return github;
}

const statusOf = (state: StatusState): ApplicationStatus => ({
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Status', application: 'shop', at: '2026-11-29T12:00:00.000Z' },
  state,
  destinations: [
    {
      ...{ formation: 'production', destination: 'eu', namespace: 'shop', state },
      ...{ attention: ['changed by @mia in #7'], waiting: [], unknown: [], limits: [] },
    },
  ],
});

const keep = (
  github: GitHubDouble,
  state: StatusState,
  {
    issue = 'attention',
    token = 'ghs_1',
    application = '',
    formation = '',
    destinations = [] as readonly string[],
  } = {},
) =>
  keepStatusIssue(
    statusOf(state),
    {
      issue,
      token,
      request: { application, formation, destinations },
    } as unknown as InputsFor<'status'>,
    fakeRunner({ context: { repository: 'acme/shop', apiUrl: github.apiUrl } }),
  );

const openTitles = ({ state }: GitHubDouble) =>
  state.issues.flatMap(issue => (issue.state === 'open' ? [issue.title] : []));

describe('the issue about what runs where', () => {
  it.each([
    ...(['attention', 'unknown'] as const).map(state => [state, 'attention', true] as const),
    ['waiting', 'attention', false] as const,
    ['waiting', 'waiting', true] as const,
    ['fine', 'waiting', false] as const,
    ['unknown', 'off', false] as const,
  ])('of a state that is %s, with the input %s, is open: %s', async (state, issue, isOpen) => {
    const github = await open();
    expect(await keep(github, state, { issue })).toEqual([]);
    expect(openTitles(github)).toEqual(isOpen ? ['What runs where: shop'] : []);
  });

  it('is closed when all is well, and not by a look at a part', async () => {
    const github = await open();
    await keep(github, 'attention');
    await keep(github, 'fine', { destinations: ['eu'] });
    expect(openTitles(github)).toEqual(['What runs where: shop']);
    await keep(github, 'fine');
    expect(openTitles(github)).toEqual([]);
  });

  it('is not the one of a formation with the name of a destination', async () => {
    const github = await open();
    await keep(github, 'attention', { formation: 'canary' });
    await keep(github, 'attention', { destinations: ['canary'] });
    expect(openTitles(github)).toEqual(['What runs where: shop/canary', 'What runs where: shop/*/canary']);
    await keep(github, 'fine', { destinations: ['canary'] });
    expect(openTitles(github)).toEqual(['What runs where: shop/canary']);
  });

  it('is one for the same look, however it is written', async () => {
    const github = await open();
    await keep(github, 'attention', { destinations: ['us', 'eu'] });
    await keep(github, 'fine', { application: 'slipway.yaml', destinations: ['eu', 'us'] });
    expect(openTitles(github)).toEqual([]);
  });

  it('notifies no one whom a name in it happens to be', async () => {
    const github = await open();
    await keep(github, 'attention');
    expect(github.state.issues[0]?.body).toContain('&#64;&#8203;mia in &#35;&#8203;7');
  });

  it('that cannot be written is a problem, as no one would be told', async () => {
    const github = await open({ issues: 'read' });
    expect(await keep(github, 'attention')).toMatchObject([{ code: 'issue-forbidden' }]);
    expect(await keep(github, 'attention', { token: '' })).toMatchObject([{ code: 'issue-forbidden' }]);
    const down = await open();
    down.fail({ status: 404 });
    expect(await keep(down, 'attention')).toMatchObject([{ code: 'github-not-found' }]);
  });
});
