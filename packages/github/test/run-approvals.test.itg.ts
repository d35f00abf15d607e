import { expect, it } from '@jest/globals';
import { approvalsOfRun, environmentRules } from '../src/index.ts';
import { REPOSITORY, start, stopDoubles } from './support/github.ts';

stopDoubles();

const READER = new Map([['ghs_1', { login: 'github-actions[bot]', actions: 'read' } as const]]);
const NO_RULES = { policy: null, reviewers: [], waitTimer: 0, branches: [], secrets: new Map() };

it('who approved a run is told with the environments, and nothing of another run', async () => {
  const review = { user: 'hubot', state: 'approved', environments: ['production-decide'] } as const;
  const approvals = new Map([
    [7, [review]],
    [8, [{ ...review, user: 'other' }]],
  ]);
  const { api } = await start({ tokens: READER, approvals });
  expect(await approvalsOfRun(api, REPOSITORY, '7')).toEqual([review]);
  expect(await approvalsOfRun(api, REPOSITORY, '9')).toEqual([]);
});

it('a token without "actions: read" is refused, which is not the same as no approval', async () => {
  const { api } = await start({ tokens: new Map([['ghs_1', { login: 'github-actions[bot]' }]]) });
  await expect(approvalsOfRun(api, REPOSITORY, '7')).rejects.toMatchObject({ code: 'github-forbidden' });
});

it('the rules of an environment are told by their types, and one that does not exist has none that are known', async () => {
  const { api } = await start({
    tokens: READER,
    environments: new Map([
      ['production-home', { ...NO_RULES, name: 'production-home' }],
      [
        'production-decide',
        { ...NO_RULES, name: 'production-decide', waitTimer: 5, reviewers: [{ type: 'User', id: 1 }] },
      ],
    ]),
  });
  expect(await environmentRules(api, REPOSITORY, 'production-decide')).toEqual([
    'wait_timer',
    'required_reviewers',
  ]);
  expect(await environmentRules(api, REPOSITORY, 'production-home')).toEqual([]);
  expect(await environmentRules(api, REPOSITORY, 'production')).toBeUndefined();
});
