import { afterEach, describe, expect, it } from '@jest/globals';
import { fakeRunner } from '@slipway/github/testing';
import {
  type GitHubDouble,
  type GitHubDoubleOptions,
  startGitHub,
  type Token,
} from '@slipway/testbed/github';
import { repository } from '@slipway/testkit/git';
import type { LookedAt } from '@slipway/workflows';
import { findScheduledLook } from '../src/scheduled-look.ts';

const started: GitHubDouble[] = [];
afterEach(async () => {
  const doubles = started.splice(0);
  await Promise.all(doubles.map(double => double.stop()));
  expect(doubles.flatMap(({ problems }) => problems)).toEqual([]);
});

const CALLS =
  'on: { schedule: [{ cron: "47 * * * *" }] }\njobs: { a: { uses: ./.github/workflows/steps-progress.yml, with: { application: slipway.yaml } } }\n';
const WANTED: LookedAt = { application: 'shop', path: 'slipway.yaml', formation: 'production' };
const directory = repository({
  '.github/workflows/release.yml': 'on: push\njobs: {}\n',
  '.github/workflows/nightly.yml': CALLS,
});
const expression = (name: string): string => `\${{ ${name} }}`;
const of = (application: string): string =>
  repository({
    '.github/workflows/release.yml': 'on: push\njobs: {}\n',
    '.github/workflows/nightly.yml': CALLS.replace(
      'application: slipway.yaml',
      `application: "${application}"`,
    ),
  });
const READER: Token = { login: 'github-actions[bot]', actions: 'read' };

async function look(options: Partial<GitHubDoubleOptions>, token = READER, given = 'ghs_1', wanted = WANTED) {
  const github = await startGitHub({
    ...{ directory, tokens: new Map([['ghs_1', token]]) },
    ...options,
  });
  started.push(github);
  const runner = fakeRunner({ context: { repository: 'acme/shop', apiUrl: github.apiUrl } });
  return await findScheduledLook(given, wanted, runner);
}

const workflows = new Map([
  ['release.yml', 1],
  ['nightly.yml', 2],
]);

describe('a look on a schedule', () => {
  it('is found, whatever its file is called', async () => {
    expect(await look({ workflows })).toEqual({ is: 'there', path: '.github/workflows/nightly.yml' });
  });

  it('is missing where none has a schedule, and where the one with it is disabled', async () => {
    expect(await look({ workflows: new Map([['release.yml', 1]]) })).toEqual({ is: 'missing', others: [] });
    const disabled = new Map([['nightly.yml', 'disabled_inactivity'] as const]);
    expect(await look({ workflows, disabled })).toEqual({ is: 'missing', others: [] });
  });

  it('is missing where only another branch has the file', async () => {
    expect(await look({ workflows: new Map([['progress.yml', 1]]) })).toEqual({ is: 'missing', others: [] });
  });

  it("is missing where only another application's looks, which is named", async () => {
    const web = { ...WANTED, application: 'web', path: 'apps/web/slipway.yaml' };
    expect(await look({ workflows, directory: of('shop') }, READER, 'ghs_1', web)).toEqual({
      is: 'missing',
      others: ['.github/workflows/nightly.yml'],
    });
  });

  it('is not known where its call does not say whose releases it looks at', async () => {
    expect(await look({ workflows, directory: of(expression('vars.APPLICATION')) })).toEqual({
      is: 'unknown',
      why: expect.stringContaining('.github/workflows/nightly.yml does not say whose releases'),
    });
  });

  it('is not known without a token, or without its permission', async () => {
    expect(await look({ workflows }, READER, '')).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('no token'),
    });
    expect(await look({ workflows }, { login: 'github-actions[bot]' })).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('actions: read'),
    });
  });
});
