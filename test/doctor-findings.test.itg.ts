import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Diagnosis } from '@slipway/core';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { repository, scratch, write } from '@slipway/testkit/git';
import { checkoutFor, type Ended, HOST, type SetupWorld, startSetupWorld } from './support/setup-world.ts';

const APPLY = ['setup', 'staging', '--apply', '--yes'];
const OWN = '.github/workflows/own.yml';

const testbed = useTestbed({ parts: ['cluster'] });
const client = useClient(() => testbed.cluster.kubeconfig);
let world: SetupWorld;
beforeAll(async () => {
  world = await startSetupWorld(testbed.cluster.kubectl, testbed.cluster.kubeconfig);
});
afterAll(async () => {
  expect(world.github.problems).toEqual([]);
  await world.stop();
});

async function checksOf(folder: string, more: Readonly<Record<string, string>> = {}) {
  const { printed } = await world.slipway(folder, ['doctor', 'staging', '--json'], more);
  return (JSON.parse(printed) as Diagnosis).checks;
}

async function checkOf(folder: string, what: string) {
  return (await checksOf(folder)).find(check => check.what.startsWith(what));
}

/** Where each line is a sentence with its code, and there is at least one. */
function expectSentences({ complaints }: Ended): void {
  expect(complaints).toMatch(/^(?:error|warning): .*\([a-z-]+\)$/m);
  for (const line of complaints.trimEnd().split('\n'))
    expect(line).toMatch(/^(?:error|warning|note): [^\n]+$|^\d+ steps? of \d+ /);
}

describe('what doctor finds in workflows, beside what setup made', () => {
  it('is a secret of an environment that a called workflow gets empty, until the repository has it', async () => {
    const folder = checkoutFor('passed-on');
    write(folder, {
      [OWN]:
        'on: push\njobs:\n  call:\n    uses: slipway-dev/slipway/.github/workflows/pipeline.yml@v1\n    secrets: { kubeconfig: "${{ secrets.KUBECONFIG }}" }\n',
    });
    expect((await world.slipway(folder, APPLY)).exitCode).toBe(0);
    const what = `secret KUBECONFIG passed on by ${OWN}, job call`;
    expect(await checkOf(folder, what)).toMatchObject({
      state: 'missing',
      detail: expect.stringContaining('environment passed-on, which a job that calls a workflow is not in'),
      fix: expect.stringContaining(`gh secret set KUBECONFIG --repo ${HOST}/acme/shop`),
    });
    world.github.state.secrets.set('KUBECONFIG', { sealed: '', updated: new Date().toISOString() });
    expect(await checkOf(folder, what)).toMatchObject({ state: 'fine' });
    world.github.state.secrets.delete('KUBECONFIG');
  });

  it('is a permission that a job lacks', async () => {
    const folder = checkoutFor('permitted');
    const job = (permissions: string): string =>
      `on: push\npermissions: {}\njobs:\n  own:\n    runs-on: x\n    permissions: ${permissions}\n    steps: [{ uses: actions/checkout@v5 }]\n`;
    write(folder, { [OWN]: job('{}') });
    const what = `permissions of ${OWN}, job own`;
    expect(await checkOf(folder, what)).toMatchObject({
      state: 'missing',
      detail: expect.stringContaining('contents: read'),
    });
    write(folder, { [OWN]: job('{ contents: read }') });
    expect(await checkOf(folder, what)).toMatchObject({ state: 'fine' });
  });

  it('is an environment that admits another branch than the workflows release, which its fix fixes', async () => {
    const folder = checkoutFor('branched');
    expect((await world.slipway(folder, APPLY)).exitCode).toBe(0);
    expect((await world.slipway(folder, ['workflows', '--branch', 'trunk'])).exitCode).toBe(0);
    const found = await checkOf(folder, 'environment branched');
    expect(found).toMatchObject({
      state: 'missing',
      detail: 'it admits main, and the workflows release trunk, whose deployments GitHub refuses',
    });
    expect((await world.slipway(folder, String(found?.fix).split(' ').slice(1))).exitCode).toBe(0);
    expect(await checkOf(folder, 'environment branched')).toMatchObject({
      state: 'fine',
      detail: 'main, trunk',
    });
  });
});

describe('an environment that admits protected branches', () => {
  const what = 'environment protected';
  const protect = (by: 'rule' | 'ruleset' | 'nothing'): void =>
    void world.github.state.branches.set('main', by);

  it('is fine once a rule protects the branch, and setup stores no secret before one does', async () => {
    const folder = checkoutFor('protected');
    await world.slipway(folder, ['workflows']);
    world.github.state.environments.set('protected', {
      ...{ name: 'protected', reviewers: [], waitTimer: 0, branches: [], secrets: new Map() },
      policy: { protected_branches: true, custom_branch_policies: false },
    });
    const refused = await world.slipway(folder, APPLY);
    expect([refused.exitCode, refused.complaints]).toEqual([
      1,
      expect.stringContaining('(branches-unprotected)'),
    ]);
    expect(world.github.state.environments.get('protected')?.secrets.size).toBe(0);
    expect(await checkOf(folder, what)).toMatchObject({
      state: 'missing',
      detail: expect.stringContaining('GitHub lets every branch deploy to it'),
    });

    world.github.state.branches.set('release', 'rule');
    protect('nothing');
    expect(await checkOf(folder, what)).toMatchObject({
      state: 'missing',
      detail: expect.stringContaining('main, which the workflows release, is not one'),
    });
    protect('ruleset');
    expect(await checkOf(folder, what)).toMatchObject({
      state: 'unknown',
      detail: expect.stringContaining('only a ruleset protects it'),
    });
    protect('rule');
    expect(await checkOf(folder, what)).toMatchObject({
      state: 'fine',
      detail: 'protected branches, of which main is one',
    });
    const done = await world.slipway(folder, APPLY);
    expect([done.exitCode, done.complaints]).toEqual([0, expect.not.stringContaining('protected branches')]);
    world.github.state.branches.clear();
  });
});

describe('a plan of GitHub without environments', () => {
  it('is one sentence of setup, and doctor does not call the environment fine', async () => {
    const folder = checkoutFor('planless');
    world.github.state.plan = 'free';
    const ended = await world.slipway(folder, APPLY);
    const found = await checkOf(folder, 'environment planless');
    world.github.state.plan = 'enterprise';
    expectSentences(ended);
    expect([ended.exitCode, ended.complaints]).toEqual([
      1,
      expect.stringContaining('(plan-without-environments)'),
    ]);
    expect(world.github.state.environments.get('planless')?.secrets.size ?? 0).toBe(0);
    expect(found?.state).toBe('missing');
  });
});

describe('without gh', () => {
  it('setup writes nothing, and doctor says what it cannot know', async () => {
    const bin = join(scratch(), 'bin');
    mkdirSync(bin);
    symlinkSync('/usr/bin/git', join(bin, 'git'));
    symlinkSync(testbed.cluster.kubectl, join(bin, 'kubectl'));
    const folder = checkoutFor('no-gh');
    const ended = await world.slipway(folder, APPLY, { PATH: bin });
    expectSentences(ended);
    expect([ended.exitCode, ended.complaints]).toEqual([
      2,
      expect.stringContaining('"gh" cannot be run; install it'),
    ]);
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'no-gh' })).toBeUndefined();
    const checks = await checksOf(folder, { PATH: bin });
    const states = checks.map(({ what, state }) => `${state} ${what}`);
    expect(states).toEqual(
      expect.arrayContaining([
        'missing gh',
        `unknown login of gh to ${HOST}`,
        `unknown environments and secrets of ${HOST}/acme/shop`,
      ]),
    );
  });
});

describe('a kubeconfig without rights', () => {
  const files = {
    'k8s/settings.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: debug}\n',
  };

  it.each([
    ['plan', ['plan', 'k8s', '--application', 'shop', '--namespace', 'default']],
    ['releases', ['releases']],
    ['setup', APPLY],
  ])('is said by %s, which answers nothing else', async (name, args) => {
    const folder = name === 'plan' ? repository(files) : checkoutFor('rightless');
    const before = world.github.state.environments.size;
    const ended = await world.slipway(folder, args, {
      KUBECONFIG: await testbed.cluster.userKubeconfig('eve'),
    });
    expect(ended.exitCode).not.toBe(0);
    expectSentences(ended);
    expect(ended.complaints).toMatch(/rights-missing|forbidden|Forbidden|may not|cannot/);
    expect(world.github.state.environments.size).toBe(before);
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'rightless' })).toBeUndefined();
  });
});
