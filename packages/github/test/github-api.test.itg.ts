import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Failure, type GitHubDoubleOptions, secondaryLimit } from '@slipway/testbed/github';
import { commit, pullRequest, repository } from '@slipway/testkit/git';
import {
  changedFilesOf,
  extendListing,
  findApprovals,
  formatListing,
  remoteCommits,
  shortFingerprint,
} from '../src/index.ts';
import { BOT, REPOSITORY, type Started, start as startGitHub, stopDoubles } from './support/github.ts';

const FINGERPRINT = `sha256:${'ab'.repeat(32)}`;

stopDoubles();

const start = (options: Partial<GitHubDoubleOptions> = {}, token?: string): Promise<Started> =>
  startGitHub({ directory, ...options }, token);

let directory: string;
let commits: { base: string; head: string; merge: string };
beforeAll(() => {
  directory = repository({
    'a.yaml': 'old\n',
    'policies/p.yaml': 'ü\n'.repeat(100),
    'link.yaml': { link: 'a.yaml' },
  });
  commits = pullRequest(directory, { 'a.yaml': 'new\n' });
});

describe('what goes wrong between us and GitHub', () => {
  const ask = ({ api }: Started) => remoteCommits(async () => api, REPOSITORY).parentsOf(commits.merge);
  const soon = () => String(Math.ceil(Date.now() / 1000) + 5);

  it.each<[string, readonly Failure[], number]>([
    ['a server that stumbles', [{ status: 502 }, { status: 503 }], 2],
    ['a limit that says when', [{ status: 429, headers: { 'retry-after': '2' } }], 1],
    ['a secondary limit that says when', [secondaryLimit(1)], 1],
    ['a secondary limit with another status', [secondaryLimit(1, 429)], 1],
    ['a secondary limit that does not say when', [secondaryLimit()], 1],
  ])('is waited for: %s', async (_title, failures, waited) => {
    const started = await start();
    started.github.fail(...failures);
    expect(await ask(started)).toEqual([commits.base, commits.head]);
    expect(started.waits.length).toBe(waited);
  });

  it('waits a minute, as GitHub asks, for a secondary limit that does not say how long', async () => {
    const started = await start();
    started.github.fail(secondaryLimit());
    await ask(started);
    expect(started.waits).toEqual([60_000]);
  });

  it('waits for a rate limit that ends in time', async () => {
    const started = await start();
    started.github.fail({
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': soon() },
    });
    expect(await ask(started)).toEqual([commits.base, commits.head]);
    expect(started.waits[0]).toBeLessThan(7000);
  });

  it.each<[string, readonly Failure[], string]>([
    [
      'a limit for an hour',
      [{ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' } }],
      'github-rate-limited',
    ],
    [
      'a limit of an hour by its header',
      [{ status: 429, headers: { 'retry-after': '3600' } }],
      'github-rate-limited',
    ],
    ['a secondary limit that lasts', [secondaryLimit(), secondaryLimit()], 'github-rate-limited'],
    ['a secondary limit of an hour', [secondaryLimit(3600)], 'github-rate-limited'],
    ['no permission', [{ status: 403 }], 'github-forbidden'],
    ['an invalid token', [{ status: 401 }], 'github-forbidden'],
    ['nothing there', [{ status: 404 }], 'github-not-found'],
    ['a server that stays down', Array(4).fill({ status: 500 }), 'github-unavailable'],
  ])('is told: %s', async (_title, failures, code) => {
    const started = await start();
    started.github.fail(...failures);
    await expect(ask(started)).rejects.toMatchObject({ code });
  });

  it('is an error if there is no answer', async () => {
    const started = await start();
    await started.github.stop();
    await expect(ask(started)).rejects.toMatchObject({ code: 'github-unavailable' });
  });
});

describe('who the token belongs to', () => {
  it.each([
    ['a job', 'ghs_1', 'github-actions[bot]'],
    ['an app', 'ghs_app', 'acme-app[bot]'],
    ['a person', 'ghp_org', 'ci'],
  ])('is asked once, and again only if GitHub stumbles: %s', async (_title, token, login) => {
    const { api, github } = await start({}, token);
    github.fail({ status: 502 });
    expect([await api.login(), await api.login()]).toEqual([login, login]);
    expect(github.requests).toEqual(Array(2).fill('POST /api/graphql'));
  });

  it('is an error for a token that GitHub does not know', async () => {
    const { api } = await start({}, 'ghs_unknown');
    await expect(api.login()).rejects.toMatchObject({ code: 'github-forbidden' });
  });
});

describe('commits by the API', () => {
  it('have the tree and the files that Git has', async () => {
    const { api } = await start();
    const remote = remoteCommits(async () => api, REPOSITORY);
    expect(await remote.resolve('main')).toBe(commits.base);
    const entries = await remote.listTree(commits.base);
    expect(entries.map(({ path, kind }) => [path, kind])).toEqual([
      ['a.yaml', 'file'],
      ['link.yaml', 'link'],
      ['policies/p.yaml', 'file'],
    ]);
    const blobs = await remote.readBlobs(entries);
    const texts = entries.map(({ id }) => Buffer.from(blobs.get(id) ?? []).toString());
    expect(texts).toEqual(['old\n', 'a.yaml', 'ü\n'.repeat(100)]);
  });

  it('are in the history of another one, or not', async () => {
    const { api } = await start();
    const remote = remoteCommits(async () => api, REPOSITORY);
    expect(await remote.isContained(commits.base, commits.merge)).toBe(true);
    expect(await remote.isContained(commits.base, commits.base)).toBe(true);
    expect(await remote.isContained(commits.head, commits.base)).toBe(false);
    await expect(remote.isContained('f'.repeat(40), commits.base)).rejects.toMatchObject({
      code: 'github-not-found',
    });
  });

  it('are not found in a repository that the token does not see', async () => {
    const { api } = await start();
    await expect(remoteCommits(async () => api, 'acme/other').parentsOf(commits.base)).rejects.toMatchObject({
      code: 'github-not-found',
    });
  });

  it('and the files of a pull request come page after page', async () => {
    const files = ['a', 'b', 'c', 'd', 'e'];
    const pulls = [{ number: 7, author: 'ada', head: commits.head, commits: [], files }];
    const { api, github } = await start({ pulls, pageSize: 2 });
    expect(await changedFilesOf(api, REPOSITORY, 7)).toEqual(files);
    expect(github.requests.length).toBe(3);
  });
});

describe('an approval', () => {
  const at = (minute: number) => `2026-11-21T10:0${minute}:00Z`;
  const signOffs = [{ fingerprint: FINGERPRINT, approvers: ['ada', 'acme/operators'] }];
  const listed = (commit: string, minute = 1) =>
    `<!-- slipway:policy-check 0123456789abcdef -->\n${formatListing(extendListing(undefined, commit, [FINGERPRINT], new Date(at(minute))))}\nfound`;

  interface Scene {
    readonly reviews?: readonly {
      readonly user?: string | undefined;
      readonly state?: string;
      readonly commit?: string;
      readonly body?: string;
      readonly minute?: number;
    }[];
    readonly comment?: string;
    readonly commenter?: string;
    readonly author?: string;
    readonly merged?: boolean;
    readonly token?: string;
    readonly until?: string;
    readonly deployed?: string;
  }

  async function find(scene: Scene = {}) {
    const { head, merge } = commits;
    const {
      reviews = [{}],
      comment = listed(head),
      commenter = BOT.login,
      author = 'mallory',
      merged = true,
    } = scene;
    const { api, github } = await start(
      {
        teams: new Map([['acme/operators', ['grace']]]),
        pulls: [
          {
            number: 7,
            author,
            head,
            commits: [merge],
            ...(merged ? { merged: { at: at(9), commit: merge } } : {}),
          },
        ],
        reviews: new Map([
          [
            7,
            reviews.map(({ state = 'APPROVED', commit = head, body = '', minute = 2, ...rest }) => ({
              user: 'user' in rest ? rest.user : 'ada',
              state: state as 'APPROVED',
              commit,
              body,
              at: at(minute),
            })),
          ],
        ]),
        comments: comment === '' ? [] : [{ id: 1, pull: 7, user: commenter, body: comment }],
        pageSize: 2,
      },
      scene.token ?? 'ghp_org',
    );
    const { deployed: commit = merge, until } = scene;
    const found = await findApprovals(api, { repository: REPOSITORY, commit, until, signOffs });
    return { found, by: found.approvals.get(FINGERPRINT)?.by, github };
  }

  it.each<[string, Scene, string]>([
    ['by someone who is named', {}, 'ada'],
    ['by someone of a team', { reviews: [{ user: 'grace' }] }, 'grace'],
    ['whose name is written with capitals', { reviews: [{ user: 'Ada' }] }, 'Ada'],
    ['after one that was dismissed', { reviews: [{ state: 'DISMISSED' }, { minute: 3 }] }, 'ada'],
    ['that a comment followed', { reviews: [{}, { state: 'COMMENTED', minute: 3 }] }, 'ada'],
    [
      'beside the objection of someone else',
      { reviews: [{}, { user: 'eve', state: 'CHANGES_REQUESTED' }] },
      'ada',
    ],
    [
      'that names the fingerprint, with no comment of the check',
      { comment: '', reviews: [{ body: `sign-off ${shortFingerprint(FINGERPRINT)}` }] },
      'ada',
    ],
    [
      'on a further page of reviews',
      { reviews: [{ user: 'x' }, { user: 'y' }, { user: 'z' }, { user: 'ada' }] },
      'ada',
    ],
  ])('counts: %s', async (_title, scene, by) => {
    expect((await find(scene)).by).toBe(by);
  });

  it.each<[string, Scene]>([
    ['by nobody', { reviews: [] }],
    ['by someone who is not entitled', { reviews: [{ user: 'eve' }] }],
    ['by who opened the pull request', { author: 'Ada' }],
    ['by a deleted account', { reviews: [{ user: undefined }] }],
    ['that was dismissed', { reviews: [{ state: 'DISMISSED' }] }],
    ['that was taken back', { reviews: [{}, { state: 'CHANGES_REQUESTED', minute: 3 }] }],
    ['that is only a comment', { reviews: [{ state: 'COMMENTED' }] }],
    ['of an earlier commit', { reviews: [{ commit: '1'.repeat(40) }] }],
    [
      'of an earlier commit that the check listed it for',
      { comment: listed('1'.repeat(40)), reviews: [{ commit: '1'.repeat(40) }] },
    ],
    ['given before the check had named the change', { comment: listed(commits?.head ?? '', 5) }],
    ['with no listing', { comment: '' }],
    [
      'with a listing of another fingerprint',
      { comment: '<!-- slipway:policy-check 0 -->\n<!-- slipway:sign-off {"commit":"x","since":{}} -->' },
    ],
    ['with a listing that a person wrote', { commenter: 'mallory' }],
    ['with a listing that another bot repeats', { commenter: 'coverage[bot]' }],
    ['with a listing in the middle of a comment', { comment: 'quoted' }],
    [
      'with a broken listing',
      { comment: '<!-- slipway:policy-check 0 -->\n<!-- slipway:sign-off {"commit": -->' },
    ],
    ['of a pull request that is not merged', { merged: false }],
    ['of what runs already', { until: 'merge' }],
  ])('does not count: %s', async (title, scene) => {
    const { head, merge } = commits;
    const late = title.startsWith('given before') ? { comment: listed(head, 5) } : {};
    const quoted = title.includes('in the middle')
      ? { comment: `> ${listed(head).replaceAll('\n', '\n> ')}` }
      : {};
    const later = title.includes('runs already')
      ? { until: merge, deployed: commit(directory, { 'later.yaml': title }) }
      : {};
    expect((await find({ ...scene, ...late, ...quoted, ...later })).by).toBeUndefined();
    execFileSync('git', ['-C', directory, 'reset', '--quiet', '--hard', commits.base]);
  });

  it('of a change that waited while others were merged is found in the history', async () => {
    execFileSync('git', ['-C', directory, 'reset', '--quiet', '--hard', commits.merge]);
    const deployed = commit(directory, { 'later.yaml': '1' });
    execFileSync('git', ['-C', directory, 'reset', '--quiet', '--hard', commits.base]);
    expect((await find({ deployed, until: commits.base })).by).toBe('ada');
  });

  it('from before what runs does not count where that is not in the history', async () => {
    execFileSync('git', ['-C', directory, 'reset', '--quiet', '--hard', commits.base]);
    const live = commit(directory, { 'incident.yaml': '1' });
    execFileSync('git', ['-C', directory, 'reset', '--quiet', '--hard', commits.base]);
    expect((await find({ until: live })).by).toBeUndefined();
  });

  it('by a team that the token may not see names the team', async () => {
    const { by, found } = await find({ token: 'ghs_1', reviews: [{ user: 'grace' }] });
    expect([by, found.hidden, found.pulls]).toEqual([undefined, ['acme/operators'], [7]]);
  });
});
