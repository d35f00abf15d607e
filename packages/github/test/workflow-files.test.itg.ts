import { expect, it } from '@jest/globals';
import { repository } from '@slipway/testkit/git';
import { activeWorkflows } from '../src/index.ts';
import { REPOSITORY, start, stopDoubles } from './support/github.ts';

stopDoubles();

const directory = repository({
  '.github/workflows/progress.yml': 'name: Progress\n',
  '.github/workflows/old.yml': 'name: Old\n',
});
const READER = new Map([['ghs_1', { login: 'github-actions[bot]', actions: 'read' } as const]]);
const workflows = new Map([
  ['progress.yml', 1],
  ['old.yml', 2],
  ['deleted.yml', 3],
]);

it('the workflows that GitHub runs are listed with their files on the default branch', async () => {
  const disabled = new Map([['old.yml', 'disabled_inactivity'] as const]);
  const { api, github } = await start({ directory, tokens: READER, workflows, disabled });
  const found = await activeWorkflows(api, REPOSITORY);
  expect(found.map(({ path }) => path)).toEqual([
    '.github/workflows/progress.yml',
    '.github/workflows/deleted.yml',
  ]);
  expect(github.requests).toHaveLength(1);
  expect(await Promise.all(found.map(one => one.readText()))).toEqual(['name: Progress\n', undefined]);
});

it('a token without "actions: read" is refused, which is not the same as no workflow', async () => {
  const { api } = await start({ directory, workflows, tokens: new Map([['ghs_1', { login: 'x' }]]) });
  await expect(activeWorkflows(api, REPOSITORY)).rejects.toMatchObject({ code: 'github-forbidden' });
});
