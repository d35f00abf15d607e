import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Diagnosis, type JsonObject, parseJson, type Setup, valueAt } from '@slipway/core';
import { DEPLOYER_RULES, STEPS_RULES } from '@slipway/kubernetes';
import { useTestbed } from '@slipway/testbed/jest';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { useClient } from '@slipway/testkit/clients';
import { checkoutFor, HOST, type SetupWorld, startSetupWorld, statesOf } from './support/setup-world.ts';
import { ROOT } from './support/sources.ts';

const APPLY = ['setup', 'staging', '--apply', '--yes', '--json'];
const ROLE = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', name: 'slipway-deployer' };
const ACCOUNT = { apiVersion: 'v1', kind: 'ServiceAccount', name: 'slipway-deployer' };
const DAYS = 24 * 3_600_000;

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

async function apply(folder: string, args: readonly string[] = APPLY) {
  const ended = await world.slipway(folder, args);
  return { ...ended, setup: (ended.printed === '' ? { steps: [] } : JSON.parse(ended.printed)) as Setup };
}

/** The kubeconfig that GitHub has for an environment. */
function storedIn(environment: string): string {
  const sealed = world.github.state.environments.get(environment)?.secrets.get('KUBECONFIG')?.sealed;
  return world.sealing.open(sealed ?? '');
}

function tokenIn(kubeconfig: string): string {
  return String(valueAt(parseJson(kubeconfig), ['users', 0, 'user', 'token']));
}

/** What a token says of itself. https://www.rfc-editor.org/rfc/rfc7519#section-4.1 */
function claimsOf(token: string): JsonObject {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JsonObject;
}

const errorsOf = ({ annotations }: StepResult): string[] =>
  annotations.filter(({ severity }) => severity === 'error').map(({ message }) => message);

describe('slipway setup --apply', () => {
  it('creates all that a release needs, and a second run changes nothing', async () => {
    const folder = checkoutFor('set-up');
    const first = await apply(folder);
    expect([first.exitCode, statesOf(first.setup)]).toEqual([
      0,
      ['Namespace', 'ServiceAccount', 'Role', 'RoleBinding', 'environment', 'environment', 'secret'].map(
        what => `done ${what}`,
      ),
    ]);
    const { policy, branches } = world.github.state.environments.get('set-up') ?? {};
    expect(policy).toEqual({ protected_branches: false, custom_branch_policies: true });
    expect(branches?.map(({ name, type }) => [name, type])).toEqual([['main', 'branch']]);
    const token = tokenIn(storedIn('set-up'));
    const { sub, exp, iat } = claimsOf(token);
    expect(sub).toBe('system:serviceaccount:set-up:slipway-deployer');
    expect(Number(exp) - Number(iat)).toBe((30 * DAYS) / 1000);
    expect(first.setup.steps.at(-1)?.detail).toMatch(
      /^asked for 720h, the cluster granted 720h: it expires on /,
    );
    expect(first.printed + first.complaints + world.commandLines()).not.toContain(token.slice(0, 40));
    expect(world.leftFiles()).toEqual([]);

    const before = await versionsIn('set-up');
    const second = await apply(folder);
    expect(second.exitCode).toBe(0);
    expect(second.setup.steps.map(({ state }) => state)).toEqual(Array(7).fill('unchanged'));
    expect(await versionsIn('set-up')).toEqual(before);
    expect(tokenIn(storedIn('set-up'))).toBe(token);
  });

  it('makes a kubeconfig that is enough for deploy and verify-rollout, and for no other namespace', async () => {
    const folder = checkoutFor('released');
    expect((await apply(folder)).exitCode).toBe(0);
    const kubeconfig = storedIn('released');
    const workspace = mkdtempSync(join(testbed.directory, 'released-'));
    writeFileSync(join(workspace, 'all.yaml'), MANIFESTS);
    const job = createJob({ workspace, directory: testbed.directory, path: process.env['PATH'] ?? '' });
    const inputs = { kubeconfig, application: 'shop', formation: 'live' };
    const step = (action: string, more: Record<string, string>): Promise<StepResult> =>
      runStep(job, { action: join(ROOT, 'actions', action), inputs: { ...inputs, ...more } });
    const deployed = await step('deploy', { namespace: 'released', manifests: 'all.yaml' });
    expect(errorsOf(deployed)).toEqual([]);
    const verified = await step('verify-rollout', {
      namespace: 'released',
      release: '1',
      'stable-for': '0s',
    });
    expect([errorsOf(verified), verified.outputs['verdict']]).toEqual([[], 'succeeded']);
    const elsewhere = await step('deploy', { namespace: 'default', manifests: 'all.yaml' });
    expect(elsewhere.outputs['error']).toBe('rights-missing');
  });

  it('makes a kubeconfig that is enough for a plan on a pull request, and reads no Secret', async () => {
    const folder = checkoutFor('planned');
    const { exitCode, setup } = await apply(folder, [...APPLY, '--for', 'plan']);
    expect([exitCode, statesOf(setup).at(-1)]).toEqual([0, 'done secret']);
    const { branches, secrets } = world.github.state.environments.get('staging-plan') ?? {};
    expect(branches?.map(({ name }) => name)).toEqual(['refs/pull/*/merge']);
    const kubeconfig = world.sealing.open(secrets?.get('PLANNER_KUBECONFIG')?.sealed ?? '');
    expect(claimsOf(tokenIn(kubeconfig))['sub']).toBe('system:serviceaccount:planned:slipway-planner');
    const workspace = mkdtempSync(join(testbed.directory, 'planned-'));
    writeFileSync(join(workspace, 'all.yaml'), MANIFESTS);
    const job = createJob({ workspace, directory: testbed.directory, path: process.env['PATH'] ?? '' });
    const inputs = {
      kubeconfig,
      application: 'shop',
      formation: 'live',
      namespace: 'planned',
      manifests: 'all.yaml',
    };
    const step = (mode: string): Promise<StepResult> =>
      runStep(job, { action: join(ROOT, 'actions/deploy'), inputs: { ...inputs, mode } });
    expect(errorsOf(await step('plan'))).toEqual([]);
    expect((await step('apply')).outputs['error']).toBe('rights-missing');
    expect(statesOf((await apply(folder, [...APPLY, '--for', 'plan'])).setup)).toEqual(
      statesOf(setup).map(text => text.replace('done', 'unchanged')),
    );
  });

  it('makes a kubeconfig that is enough for the status of all formations, and writes nothing', async () => {
    const { exitCode } = await apply(checkoutFor('viewed'), [...APPLY, '--for', 'status']);
    expect(exitCode).toBe(0);
    const sealed = world.github.state.secrets.get('VIEWER_KUBECONFIG')?.sealed ?? '';
    const kubeconfig = world.sealing.open(sealed);
    expect(claimsOf(tokenIn(kubeconfig))['sub']).toBe('system:serviceaccount:viewed:slipway-viewer');
  });

  it('replaces the token with --renew, and when a third of its time is left', async () => {
    const folder = checkoutFor('renewed');
    await apply(folder);
    const first = tokenIn(storedIn('renewed'));
    const renewed = await apply(folder, [
      'setup',
      'staging',
      '--renew',
      '--yes',
      '--duration',
      '1h',
      '--json',
    ]);
    expect(statesOf(renewed.setup)).toEqual(['done secret']);
    const second = tokenIn(storedIn('renewed'));
    expect(second).not.toBe(first);
    const account = { ...ACCOUNT, namespace: 'renewed' };
    const { metadata } = (await client.get(account)) ?? {};
    const [[key, note] = []] = Object.entries((metadata?.['annotations'] ?? {}) as Record<string, string>);
    const [made = '', expires = ''] = String(note).split(' ');
    expect(new Date(expires).getTime() - new Date(made).getTime()).toBeLessThanOrEqual(3_600_000 + 2000);
    const past = new Date(Date.now() - DAYS).toISOString();
    const soon = new Date(Date.now() + DAYS / 4).toISOString();
    await client.patch(account, { metadata: { annotations: { [String(key)]: `${past} ${soon} x` } } });
    expect(statesOf((await apply(folder)).setup).at(-1)).toBe('done secret');
    expect(tokenIn(storedIn('renewed'))).not.toBe(second);
  });

  it('says that a secret is not known which someone else has written since', async () => {
    const folder = checkoutFor('rewritten');
    await apply(folder);
    const secrets = world.github.state.environments.get('rewritten')?.secrets;
    secrets?.set('KUBECONFIG', { sealed: '', updated: new Date(Date.now() + DAYS).toISOString() });
    const { setup } = await apply(folder);
    expect(setup.steps.at(-1)?.warning).toContain('what it contains is not known; --renew writes a new one');
  });

  it('adds rights that a Role lacks, and keeps what operators have added', async () => {
    const folder = checkoutFor('extended');
    await apply(folder);
    const extra = { apiGroups: ['acme.io'], resources: ['widgets'], verbs: ['get'] };
    const role = { ...ROLE, namespace: 'extended' };
    await client.patch(role, { rules: [...DEPLOYER_RULES.slice(1), extra] });
    expect(statesOf((await apply(folder)).setup).filter(text => text.startsWith('done'))).toEqual([
      'done Role',
    ]);
    const rules = (await client.get(role))?.['rules'] as JsonObject[];
    expect(rules).toEqual(expect.arrayContaining([extra]));
    expect(statesOf((await apply(folder)).setup)[2]).toBe('unchanged Role');
  });

  it('grants what releases in steps need, once, and to no other formation', async () => {
    const strategy = { steps: [{ weight: 50, bake: '5m' }] };
    const folder = checkoutFor('stepped', { environment: 'stepped' }, { strategy });
    expect((await apply(folder)).exitCode).toBe(0);
    const role = { ...ROLE, namespace: 'stepped' };
    expect((await client.get(role))?.['rules']).toEqual(expect.arrayContaining([...STEPS_RULES]));
    const before = await versionsIn('stepped');
    const second = await apply(folder);
    expect(new Set(second.setup.steps.map(({ state }) => state))).toEqual(new Set(['unchanged']));
    expect(await versionsIn('stepped')).toEqual(before);

    await client.patch(role, { rules: [...DEPLOYER_RULES] });
    expect(await rightsIn(folder, 'stepped')).toEqual({
      state: 'missing',
      detail: expect.stringContaining(
        'may not list leases; get resourcequotas; list resourcequotas and 1 more',
      ),
      fix: expect.stringContaining('slipway setup staging'),
    });
    expect(statesOf((await apply(folder)).setup).filter(text => text.startsWith('done'))).toEqual([
      'done Role',
    ]);
    expect(await rightsIn(folder, 'stepped')).toMatchObject({ state: 'fine' });
    const plain = checkoutFor('unstepped');
    await apply(plain);
    expect((await client.get({ ...ROLE, namespace: 'unstepped' }))?.['rules']).toEqual([...DEPLOYER_RULES]);
  });

  it('keeps the reviewers, the timer and the branches of an environment, and adds its own', async () => {
    const reviewers = [{ type: 'Team', id: 7 }] as const;
    const branches = [{ id: 1, name: 'release/*', type: 'branch' }];
    world.github.state.environments.set('guarded', {
      ...{ name: 'guarded', policy: null, waitTimer: 30, secrets: new Map() },
      ...{ reviewers, branches },
    });
    const { setup, exitCode } = await apply(checkoutFor('guarded'), [...APPLY, '--reviewers', '@ada']);
    expect(exitCode).toBe(0);
    expect(world.github.state.environments.get('guarded')).toMatchObject({
      waitTimer: 30,
      reviewers: [...reviewers, { type: 'User', id: 4711 }],
      branches: [{ name: 'release/*' }, { name: 'main' }],
    });
    expect(setup.steps.find(({ what }) => what.includes('branch main'))?.warning).toContain(
      '"release/*" too',
    );
  });

  it('does without reviewers where the plan has none, and warns', async () => {
    world.github.state.plan = 'team';
    const { exitCode, setup } = await apply(checkoutFor('team'), [...APPLY, '--reviewers', '@ada']);
    world.github.state.plan = 'enterprise';
    expect(exitCode).toBe(0);
    expect(setup.steps.find(({ what }) => what === 'environment team')?.warning).toContain(
      'has no required reviewers by its plan',
    );
  });

  it('stores no secret where the plan lets every branch read it, and goes on once it does not', async () => {
    const folder = checkoutFor('free');
    world.github.state.plan = 'free';
    const refused = await apply(folder, APPLY.slice(0, -1).concat('--json'));
    world.github.state.plan = 'enterprise';
    expect([refused.exitCode, statesOf(refused.setup).slice(3)]).toEqual([
      1,
      ['done RoleBinding', 'failed environment', 'not-done environment', 'not-done secret'],
    ]);
    expect(refused.complaints).toContain('4 steps of 7 are done and 3 are not');
    expect(refused.setup.steps[4]?.problem).toContain('(plan-without-environments)');
    const again = await apply(folder);
    expect([again.exitCode, statesOf(again.setup).slice(3)]).toEqual([
      0,
      ['unchanged RoleBinding', 'done environment', 'done environment', 'done secret'],
    ]);
  });

  it('stores a secret of an environment with a slash in its name', async () => {
    const { exitCode } = await apply(checkoutFor('slash', { environment: 'eu/prod' }));
    expect([exitCode, tokenIn(storedIn('eu/prod')) !== '']).toEqual([0, true]);
  });

  it('writes nothing anywhere without an administrator, without gh, and to a cluster that does not exist', async () => {
    const folder = checkoutFor('nothing');
    world.github.state.tokens.set('ghs_reader', { login: 'eve' });
    const reader = await world.slipway(folder, APPLY, { GH_ENTERPRISE_TOKEN: 'ghs_reader' });
    expect([reader.exitCode, reader.complaints]).toEqual([2, expect.stringContaining('(repository-rights)')]);
    const stranger = await world.slipway(folder, APPLY, { GH_ENTERPRISE_TOKEN: '' });
    expect([stranger.exitCode, stranger.complaints]).toEqual([2, expect.stringContaining('gh auth login')]);
    const wrong = await world.slipway(folder, [...APPLY, '--repo', `${HOST}/acme/other`]);
    expect([wrong.exitCode, wrong.complaints]).toEqual([2, expect.stringContaining('HTTP 404')]);
    const bare = await world.slipway(folder, APPLY, { PATH: '/nonexistent' });
    expect([bare.exitCode, bare.complaints]).toEqual([2, expect.stringContaining('(repository-unknown)')]);
    const named = await world.slipway(folder, [...APPLY, '--repo', `${HOST}/acme/shop`], {
      PATH: '/nonexistent',
    });
    expect([named.exitCode, named.complaints]).toEqual([
      2,
      expect.stringContaining('"kubectl" cannot be run'),
    ]);
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'nothing' })).toBeUndefined();
    expect(world.github.state.environments.has('nothing')).toBe(false);
  });

  it('says which right a person lacks in the cluster, and stores nothing', async () => {
    const kubeconfig = await testbed.cluster.userKubeconfig('eve');
    const { exitCode, printed } = await world.slipway(checkoutFor('forbidden'), APPLY, {
      KUBECONFIG: kubeconfig,
    });
    const { steps } = JSON.parse(printed) as Setup;
    expect(exitCode).toBe(1);
    expect(steps.find(({ state }) => state === 'failed')?.problem).toMatch(
      /Forbidden.*--context.*\(command-failed\)/,
    );
    expect(world.github.state.environments.has('forbidden')).toBe(false);
  });

  it('asks a cluster that does not answer once, and writes nothing', async () => {
    let asked = 0;
    const silent = createServer(() => {
      asked += 1;
    });
    await new Promise<void>(done => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as { port: number };
    const file = join(testbed.directory, 'silent.kubeconfig');
    writeFileSync(file, silentKubeconfig(port));
    const ended = await world.slipway(checkoutFor('silent'), APPLY, { KUBECONFIG: file });
    silent.close();
    expect([ended.exitCode, ended.printed, asked]).toEqual([2, '', 1]);
    expect(ended.complaints).toMatch(
      /^error: the cluster "http:\/\/127\.0\.0\.1:\d+" of the context "silent" cannot be reached: no answer within 10s; .*nothing was written \(cluster-silent\)\n$/m,
    );
    expect(world.github.state.environments.has('silent')).toBe(false);
  });

  it.each(['bash', 'dash'] as const)(
    'does by the printed commands in %s what it would do itself',
    async shell => {
      const folder = checkoutFor(`by-${shell}`, {
        environment: `by ${shell}`,
        context: 'it\'s $(a) `b` "c"',
      });
      const { printed } = await world.slipway(folder, ['setup', 'staging']);
      const ended = await world.shell(shell, printed);
      expect(ended.exitCode).toBe(0);
      const token = tokenIn(storedIn(`by ${shell}`));
      expect(claimsOf(token)['sub']).toBe(`system:serviceaccount:by-${shell}:slipway-deployer`);
      expect(ended.printed + ended.complaints + world.commandLines()).not.toContain(token.slice(0, 40));
      expect(world.leftFiles()).toEqual([]);
      const { setup } = await apply(folder);
      expect(setup.steps.map(({ state }) => state)).toEqual(Array(7).fill('unchanged'));
      expect((await world.shell(shell, printed)).exitCode).toBe(0);
    },
  );
});

async function rightsIn(folder: string, namespace: string) {
  const { printed } = await world.slipway(folder, ['doctor', '--json']);
  const { checks } = JSON.parse(printed) as Diagnosis;
  const found = checks.find(({ what }) => what.startsWith(`rights in ${namespace} `));
  return { state: found?.state, detail: found?.detail, fix: found?.fix };
}

async function versionsIn(namespace: string): Promise<string[]> {
  const objects = await Promise.all([
    client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }),
    client.get({ ...ACCOUNT, namespace }),
    client.get({ ...ROLE, namespace }),
    client.get({ ...ROLE, kind: 'RoleBinding', namespace }),
  ]);
  return objects.map(object => String(object?.metadata['resourceVersion']));
}

function silentKubeconfig(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'silent',
    clusters: [{ name: 'silent', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'silent', user: {} }],
    contexts: [{ name: 'silent', context: { cluster: 'silent', user: 'silent' } }],
  });
}

const MANIFESTS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: "registry.example/api@sha256:${'a'.repeat(64)}"}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info}
`;
