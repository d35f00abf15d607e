import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { API_VERSION, type Release, type Snapshot } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { pushSnapshot, pushVerdict } from '@slipway/registry';
import type { RolloutResult } from '@slipway/rollout';
import { type GitHubDouble, startGitHub } from '@slipway/testbed/github';
import { useTestbed } from '@slipway/testbed/jest';
import { commit, type Files, git, type PullRequest, pullRequest, repository } from '@slipway/testkit/git';
import { APPLICATION, type Checked, edited, reviewPullRequest } from '@slipway/testkit/pull-requests';
import { clientFor } from '@slipway/testkit/registry';
import { replacing } from '@slipway/testkit/shop';
import type { VerifyContext } from '../actions/verify-rollout/src/context.ts';
import { pushToRegistry } from '../actions/verify-rollout/src/end/push-verdict.ts';
import { makeVerdict } from '../actions/verify-rollout/src/tell/verdict.ts';

const testbed = useTestbed({ parts: ['registry'], registryAuth: 'token' });
const WRITER = { login: 'github-actions[bot]', comments: 'write', statuses: 'write' } as const;

const FILES: Files = {
  ...APPLICATION,
  'formations/production.yaml': `${APPLICATION['formations/production.yaml']}  promoted-from: staging\n`,
  'formations/staging.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: staging }
spec: { kubernetes: "1.34", destinations: { main: { namespace: staging } } }
`,
};
const size = (replicas: number): Files =>
  edited(FILES, {
    'stencils/web.yaml': replacing('spec:\n  selector', `spec:\n  replicas: ${replicas}\n  selector`),
  });
const PORT = (text: string): string => text.replace('port: 80', 'port: 81');

/** A registry path, a repository and a double of GitHub of its own for each test. */
let registry: string;
let origin: string;
let double: GitHubDouble;

beforeEach(async () => {
  registry = `${testbed.registry.address}/${randomUUID()}/shop`;
  origin = repository(FILES);
  double = await startGitHub({ directory: origin, tokens: new Map([['ghs_1', WRITER]]) });
});

afterEach(async () => {
  await double.stop();
  expect(double.problems).toEqual([]);
});

const login = (): Record<string, string> => ({ DOCKER_CONFIG: testbed.registry.dockerConfig ?? '' });

function snapshot(deploymentTag: string, created: string, digit = '1'): Snapshot {
  const web = { name: `${registry}/web`, digest: `sha256:${digit.repeat(64)}`, origin: 'built' as const };
  return {
    apiVersion: API_VERSION,
    kind: 'Snapshot',
    application: 'shop',
    deploymentTag,
    created,
    registry,
    images: { web },
  };
}

const V1 = (): Snapshot => snapshot('v1', '2026-11-20T08:00:00.000Z');
const V2 = (): Snapshot => snapshot('v2', '2026-11-21T08:00:00.000Z', '2');

/** What verify-rollout leaves in the registry after a release with a commit's configuration. */
async function verified(
  of: Snapshot,
  [formation, destination]: readonly [string, string],
  configRevision: string | undefined,
  verdict: 'succeeded' | 'failed' = 'succeeded',
  more: Partial<Release> = {},
): Promise<void> {
  await pushSnapshot(clientFor(testbed.registry, [testbed.registry.address]), of);
  const { deploymentTag, created } = of;
  const identity = { application: 'shop', formation, destination, namespace: 'shop' };
  const release: Release = {
    ...{
      apiVersion: API_VERSION,
      kind: 'Release',
      number: 1,
      ...identity,
      deploymentTag,
      snapshot: of,
      created,
    },
    ...{ reason: '', manifests: [], seals: [], objects: [], prune: 'off' },
    ...(configRevision === undefined ? {} : { configRevision }),
    ...more,
  };
  const times = { started: new Date('2026-11-22T08:00:00Z'), finished: new Date('2026-11-22T08:01:00Z') };
  const summary = 'Everything is ready.';
  const result: RolloutResult = {
    verdict,
    summary,
    objects: [],
    ran: [],
    checks: [],
    timeline: [],
    ...times,
  };
  const runner = fakeRunner({ environment: login() });
  const made = makeVerdict({ ...identity, context: '' }, release, result, { verdict, summary });
  const inputs = { plainHttpRegistries: [], recordKeys: undefined };
  await pushToRegistry(NEVER_ROLLED_BACK, made, release, {
    inputs,
    runner,
    identity,
  } as unknown as VerifyContext);
  expect(runner.log).toEqual([expect.stringContaining('The verdict is stored')]);
}

/** A cluster in which no release came after the verified one. */
const NEVER_ROLLED_BACK = { listMetadata: async () => ({ items: [] }) } as unknown as ClusterClient;

const PRODUCTION = ['production', 'eu'] as const;
const STAGING = ['staging', 'main'] as const;

const main = (): string => git(origin, 'rev-parse', 'main');

/** A pull request to main as it is now, which changes a port. */
function opened(): PullRequest {
  const files = { 'stencils/web.yaml': git(origin, 'show', 'main:stencils/web.yaml') };
  return pullRequest(origin, edited(files, { 'stencils/web.yaml': PORT }));
}

interface Options {
  readonly commits?: PullRequest;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Changes the checkout before the step runs. */
  readonly before?: (checkout: string) => void;
  readonly fork?: string;
}

async function review(options: Options = {}): Promise<Checked> {
  const { commits = opened(), inputs, environment, ...others } = options;
  const result = await reviewPullRequest({
    edits: {},
    of: { origin, commits },
    ...others,
    environment: { GITHUB_API_URL: double.apiUrl, ...login(), ...environment },
    inputs: { token: 'ghs_1', registry, ...inputs },
  });
  expect([result.exitCode, result.exitCode === 0 ? '' : result.log]).toEqual([0, '']);
  expect(git(result.checkout, 'status', '--porcelain')).toBe('');
  expect(git(result.checkout, 'rev-parse', 'HEAD')).toBe(commits.merge);
  return result;
}

const WHOLE = (checkout: string): void => void git(checkout, 'fetch', '--quiet', '--unshallow', 'origin');

/** The comment as people read it, without links. */
function comment(): string {
  const body = double.state.comments.at(-1)?.body ?? '';
  return body
    .replace(/<\/?(?:code|sub)>/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll('\u200b', '');
}

const short = (id: string): string => id.slice(0, 12);

describe('the comment of a pull request, beside what it changes,', () => {
  it.each([
    ['a whole clone', { before: WHOLE }],
    ['a clone of one commit, and GitHub', {}],
  ])('shows what else is released with it where something older passed, by %s', async (_, options) => {
    const first = main();
    await verified(V1(), STAGING, first);
    await verified(V1(), PRODUCTION, first);
    const second = commit(origin, size(3));
    await verified(V2(), STAGING, second);
    commit(origin, { 'README.md': 'Hello\n' });
    await review(options);
    expect(comment()).toContain('#### What else is released with it');
    expect(comment()).toContain(
      `production is 2 commits behind the base: the next release with this pull request also changes Deployment web there (last passed: v1, commit ${short(first)}, 2026-11-22).`,
    );
    expect(comment()).toContain('@@ Deployment web @@\n+ spec.replicas: 3\n');
    expect(comment()).toContain(
      'v2, which last passed in staging, waits to be promoted, with other images of web.',
    );
    expect(comment()).toContain(
      `staging is 1 commit behind the base: nothing else changes there (last passed: v2, commit ${short(second)}`,
    );
    // What the pull request itself changes is told once.
    expect(comment().match(/spec\.ports\[81\]/g)).toHaveLength(1);
  });

  it('fetches the old commit without a token too, and does not know how far behind it is', async () => {
    await verified(V1(), PRODUCTION, main());
    commit(origin, size(3));
    const { summary } = await review({ inputs: { token: '' } });
    expect(summary).toContain(
      'last passed with another commit, which the base may contain or not: the next release',
    );
    expect(summary).toContain('+ spec.replicas: 3');
  });

  it('says that nothing else changes where the base commit passed', async () => {
    await verified(V1(), STAGING, main());
    await verified(V1(), PRODUCTION, main());
    await review();
    expect(comment()).toContain(
      'production, staging last passed with the base commit: nothing else changes there',
    );
    expect(comment()).not.toContain('####');
    expect(comment()).not.toContain('not known:');
  });

  it.each([
    ['a whole clone', { before: WHOLE }],
    ['a clone of one commit, and GitHub', {}],
  ])('takes nothing back that passed since, by %s', async (_, options) => {
    const commits = opened();
    await verified(V1(), PRODUCTION, commit(origin, size(3)));
    await review({ ...options, commits });
    expect(comment()).toContain('last passed with a newer commit than the base, 1 commit ahead of it');
    expect(comment()).not.toContain('spec.replicas');
  });

  it.each([
    ['a whole clone', { before: WHOLE }],
    ['a clone of one commit, and GitHub', {}],
  ])('shows what it takes back of a newer commit that is not merged, by %s', async (_, options) => {
    git(origin, 'checkout', '--quiet', '-b', 'hotfix');
    await verified(V1(), PRODUCTION, commit(origin, size(9)));
    git(origin, 'checkout', '--quiet', 'main');
    git(origin, 'branch', 'kept', 'hotfix');
    await review(options);
    expect(comment()).toContain('last passed with a newer commit than the base, 1 commit ahead of it');
    expect(comment()).toContain('- spec.replicas: 9');
  });

  it('shows what only the commit has that passed, which the base does not contain', async () => {
    const first = main();
    git(origin, 'checkout', '--quiet', '-b', 'hotfix', first);
    await verified(V1(), PRODUCTION, commit(origin, size(9)));
    git(origin, 'checkout', '--quiet', 'main');
    commit(origin, { 'README.md': 'Hello\n' });
    git(origin, 'branch', 'kept', 'hotfix');
    await review({ before: WHOLE });
    expect(comment()).toContain(
      'a commit that the base does not contain, 1 commit aside and 1 commit behind',
    );
    expect(comment()).toContain('- spec.replicas: 9');
  });

  it('does not claim to know what no commit says', async () => {
    const more = { set: ['web.size'], sharedRevisions: { platform: 'a'.repeat(40) } };
    await verified(V1(), PRODUCTION, main(), 'succeeded', more);
    await review();
    expect(comment()).toContain('last passed with the base commit: nothing else is known to change there');
    expect(comment()).toContain(
      'Not compared: the values that its run set (web.size); what has changed in other checkouts (platform).',
    );
  });

  it('is written by a second workflow for a fork too', async () => {
    await verified(V1(), PRODUCTION, main());
    commit(origin, size(3));
    const commits = opened();
    const { base, head } = commits;
    const of = { author: 'mallory', fork: 'mallory/shop', branch: 'change-1' };
    double.state.pulls.push({ number: 1, commits: [head], head, base, ...of });
    const { exitCode, log, checkout } = await reviewPullRequest({
      edits: {},
      of: { origin, commits },
      ...{ checkout: 'base', eventName: 'workflow_run', fork: 'mallory/shop' },
      environment: { GITHUB_API_URL: double.apiUrl, ...login() },
      inputs: { token: 'ghs_1', registry },
    });
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    expect(git(checkout, 'worktree', 'list').split('\n')).toHaveLength(1);
    expect(comment()).toContain('also changes Deployment web there');
  });

  it('warns of a snapshot that would be promoted and is older than what passed', async () => {
    await verified(V2(), STAGING, main());
    await verified(V2(), PRODUCTION, main());
    await verified(V1(), STAGING, main());
    await review();
    expect(comment()).toContain(
      'It is promoted from there, and v1, which last passed in staging, is older than what passed here',
    );
  });
});

describe('what last passed is said not to be known, and never to be unchanged,', () => {
  /** The only sentence about production. */
  function unknown(): string {
    expect(comment()).not.toContain('nothing else changes');
    return comment().match(/What else is released with it in [^\n]* is not known: [^\n]*/)?.[0] ?? comment();
  }

  it('without a verdict', async () => {
    await review();
    expect(unknown()).toContain(
      'in production, staging, since something last passed there, is not known: the registry',
    );
  });

  it('after a later failure with the same snapshot', async () => {
    await verified(V1(), PRODUCTION, main());
    await verified(V1(), PRODUCTION, commit(origin, size(3)), 'failed');
    await review();
    expect(unknown()).toContain('a later run with this snapshot ended as failed');
  });

  it('if the verdict names no commit', async () => {
    await verified(V1(), PRODUCTION, undefined);
    await review();
    expect(unknown()).toContain('does not say with which commit it passed');
  });

  it('if its snapshot has been replaced', async () => {
    await verified(V1(), PRODUCTION, main());
    const client = clientFor(testbed.registry, [testbed.registry.address]);
    await pushSnapshot(client, { ...V1(), created: V2().created }, 'overwrite');
    await review();
    expect(unknown()).toContain('was removed or replaced');
  });

  it('if the commit is not in the repository, with what to do', async () => {
    await verified(V1(), PRODUCTION, 'f'.repeat(40));
    await review();
    expect(unknown()).toContain(
      'the commit ffffffffffff, with which something passed last, is not in this checkout and cannot be fetched: check out with fetch-depth: 0',
    );
  });

  it('if the files of the commit are broken, with what is wrong in them', async () => {
    commit(origin, { 'stencils/web.yaml': 'a: [\n' });
    await verified(V1(), PRODUCTION, main());
    commit(origin, FILES);
    await review();
    expect(unknown()).toContain('cannot be read');
    expect(unknown()).toContain('stencils/web.yaml');
  });

  it('if the verdict names something else than a commit, whatever that is', async () => {
    const hostile = '--upload-pack=touch /tmp/x;</sub><img src=x>@acme/all [a](b)';
    await verified(V1(), PRODUCTION, hostile);
    await review();
    const body = double.state.comments.at(-1)?.body ?? '';
    expect(comment()).toContain('which is not the id of a commit');
    expect(body).not.toContain('<img');
    expect(body).not.toContain('@acme');
    expect(body).not.toContain('](b)');
  });

  it('if it is a verdict on another application', async () => {
    const client = clientFor(testbed.registry, [testbed.registry.address]);
    const other = { ...V1(), application: 'blog' };
    await pushSnapshot(client, other);
    await pushVerdict(client, other, {
      ...{ apiVersion: API_VERSION, kind: 'Verdict', verdict: 'succeeded', application: 'blog' },
      ...{ formation: 'production', destination: 'eu', namespace: 'shop', deploymentTag: 'v1' },
      ...{ started: V1().created, finished: V1().created, summary: '', objects: [], configRevision: main() },
    });
    await review();
    expect(unknown()).toContain('it is of the application');
  });

  it('to a fork without a login, which does not fail', async () => {
    await verified(V1(), PRODUCTION, main());
    const { log } = await review({ environment: { DOCKER_CONFIG: '' }, fork: 'mallory/shop' });
    expect(unknown()).toContain('in production, staging, since');
    expect(log).toContain('What last passed in production/eu is not known');
  });

  it('where the registry does not answer', async () => {
    await review({ inputs: { registry: '127.0.0.1:9/shop' } });
    expect(unknown()).toContain('127.0.0.1:9');
  });
});

describe('the input registry', () => {
  it('is not needed, and then nothing is said of what passed', async () => {
    await verified(V1(), PRODUCTION, main());
    commit(origin, size(3));
    await review({ inputs: { registry: '' } });
    expect(comment()).not.toMatch(/passed|replicas/);
  });

  it.each([
    ['plain manifests', { manifests: 'k8s' }, 'is for what applications render'],
    [
      'two for three applications',
      { application: 'a.yaml, b.yaml, c.yaml', registry: 'a.example/a, b.example/b' },
      'has 2 registries for 3 applications',
    ],
  ])('is refused with %s', async (_, inputs, message) => {
    const { exitCode, outputs, log } = await reviewPullRequest({
      edits: {},
      of: { origin, commits: opened() },
      inputs: { registry, ...inputs },
    });
    expect([exitCode, outputs['error']]).toEqual([1, 'input-invalid']);
    expect(log).toContain(message);
  });
});
