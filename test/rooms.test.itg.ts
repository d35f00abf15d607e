import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { JsonObject } from '@slipway/core';
import { accessReview, type KubernetesObject } from '@slipway/kubernetes';
import type { GitHubDouble } from '@slipway/testbed/github';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { connect } from '@slipway/testkit/cluster';
import { contents, files, open, type Prepared, prepared, spawned } from './support/instances.ts';
import { created, raiseFence } from './support/room-fence.ts';
import { type Ran, useSteps } from './support/use-steps.ts';

/** GitHub's number of the repository, as the double says it. */
const REPOSITORY_ID = 4711;
const testbed = useTestbed({ parts: ['cluster'] });
const client = useClient(() => testbed.cluster.kubeconfig);
const { github, step } = useSteps();
const logins = { keeper: '', tenant: '' };

beforeAll(async () => {
  logins.keeper = await testbed.cluster.userKubeconfig('room-keeper');
  logins.tenant = await testbed.cluster.userKubeconfig('tenant');
});

const context = { serverUrl: 'https://github.com' };

const namespaced = async (name: string): Promise<KubernetesObject | undefined> =>
  await client.get({ apiVersion: 'v1', kind: 'Namespace', name });

/** What there is of rooms, by the names of their namespaces. */
async function rooms(): Promise<string[]> {
  const { items } = await client.list({
    apiVersion: 'v1',
    kind: 'Namespace',
    labelSelector: 'slipway.dev/spawned-from',
  });
  return items.map(({ metadata }) => metadata.name).sort();
}

const makeRoom = (
  tree: Prepared,
  key: string,
  hub: GitHubDouble | undefined,
  more: object = {},
): Promise<Ran> =>
  step('deploy', tree, hub, {
    inputs: {
      mode: 'room',
      formation: 'preview',
      spawn: key,
      kubeconfig: logins.keeper,
      'lock-timeout': '60s',
    },
    context: { ...context, ...more },
  });
const deploy = (tree: Prepared, key: string, hub: GitHubDouble, inputs: object = {}): Promise<Ran> =>
  step('deploy', tree, hub, {
    inputs: { ...spawned(tree, key, logins.tenant), 'lock-timeout': '2s', ...inputs },
    context,
  });
const end = (tree: Prepared, hub: GitHubDouble, inputs: Readonly<Record<string, string>>): Promise<Ran> =>
  step('deploy', tree, hub, { inputs: { kubeconfig: logins.keeper, ...inputs }, context });
const destroyed = (tree: Prepared, key: string, hub: GitHubDouble, inputs: object = {}): Promise<Ran> =>
  end(tree, hub, {
    ...{
      mode: 'destroy',
      formation: 'preview',
      spawn: key,
      confirm: `shop/preview-${key}`,
      'lock-timeout': '60s',
    },
    ...inputs,
  });

const policy = 'admissionregistration.k8s.io/v1';
const binding = { apiVersion: policy, kind: 'ValidatingAdmissionPolicyBinding', name: 'slipway-room-keeper' };
const fence = { apiVersion: policy, kind: 'ValidatingAdmissionPolicy', name: 'slipway-room-keeper' };

const HOST = 'ask for a host of others by an Ingress';
const RULES: Readonly<Record<string, RegExp>> = {
  [HOST]: /^an instance asks for hosts/,
  'lead a Service to another name': /^a Service of an instance/,
  'give a Service an annotation that no one listed': /^Ingresses and Services/,
  'give pods of a Deployment the priority of the system': /^pods of an instance/,
};

/** What the second policy refuses, by the sentence that deploy has for it. */
function wished(namespace: string): Readonly<Record<string, KubernetesObject>> {
  const metadata = { name: 'wished', namespace };
  const backend = { service: { name: 'api', port: { number: 80 } } };
  const rules = [{ host: 'x.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }];
  const service = (spec: JsonObject, annotations = {}): KubernetesObject => ({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, annotations }, spec },
  });
  const labels = { app: 'api' };
  const containers = [{ name: 'api', image: 'registry.example.com/api:1' }];
  const spec = { priorityClassName: 'system-cluster-critical', containers };
  const names = Object.keys(RULES);
  const objects: KubernetesObject[] = [
    { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec: { rules } },
    service({ type: 'ExternalName', externalName: 'x.example.com' }),
    service({ ports: [{ port: 80 }] }, { 'example.com/unlisted': 'x' }),
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  ];
  return Object.fromEntries(objects.map((object, index) => [names[index] ?? '', object]));
}

describe('before there is a fence', () => {
  it('nothing is made, whatever the login may do', async () => {
    const tree = await prepared(created(), '1');
    const hub = await github({ pulls: [open(1)] });
    const unknown = await makeRoom(tree, '1', hub, {});
    expect(unknown.codes).toEqual(['fence-unknown']);
    const admin = await step('deploy', tree, hub, {
      inputs: { mode: 'room', formation: 'preview', spawn: '1', kubeconfig: testbed.cluster.kubeconfig },
      context,
    });
    expect(admin.messages).toEqual([
      'the fence is not there: the cluster would let this login create the namespace "not-shop-pr-1"',
    ]);
    expect(await rooms()).toEqual([]);
  });
});

describe('behind the fence', () => {
  let keeper: ClusterClient;
  beforeAll(async () => {
    keeper = await connect(logins.keeper);
    await raiseFence(client, keeper, REPOSITORY_ID);
    keeper.close();
  });

  it('an instance gets a room, a release in it, a verdict, and goes with its namespace', async () => {
    const hub = await github({ pulls: [open(1)] });
    const tree = await prepared(created(), '1');
    const early = await deploy(tree, '1', hub);
    expect([early.codes, early.outputs['release']]).toEqual([['room-not-ready'], undefined]);
    const made = await makeRoom(tree, '1', hub);
    expect(made.messages).toEqual([]);
    const live = await namespaced('shop-pr-1');
    expect(live?.metadata).toMatchObject({
      labels: {
        'slipway.dev/application': 'shop',
        'slipway.dev/formation': 'preview-1',
        'pod-security.kubernetes.io/enforce': 'restricted',
      },
      annotations: {
        'slipway.dev/server': 'https://github.com',
        'slipway.dev/repository-id': '4711',
        'slipway.dev/pull-request': '1',
        'slipway.dev/expires': expect.stringMatching(/^20/),
      },
    });
    const deployed = await deploy(tree, '1', hub);
    expect([deployed.messages, deployed.outputs['release']]).toEqual([[], '1']);
    const verified = await step('verify', tree, hub, {
      inputs: {
        release: '1',
        formation: 'preview',
        spawn: '1',
        kubeconfig: logins.tenant,
        'stable-for': '0s',
      },
      context,
    });
    expect([verified.messages, verified.outputs['verdict']]).toEqual([[], 'succeeded']);
    expect(hub.state.comments.map(({ body }) => body)).toEqual([expect.stringContaining('shop-pr-1')]);
    expect((await contents(client, 'shop-pr-1')).filter(text => text.startsWith('Deployment'))).toHaveLength(
      1,
    );

    const kept = await end(tree, hub, { mode: 'sweep' });
    expect([kept.messages, await rooms()]).toEqual([[], ['shop-pr-1']]);
    const [pull] = hub.state.pulls;
    if (pull !== undefined) pull.closed = true;
    const swept = await end(tree, hub, { mode: 'sweep' });
    expect([swept.messages, swept.outputs['changes']]).toEqual([[], '1']);
    expect([await rooms(), await namespaced('shop-pr-1')]).toEqual([[], undefined]);
    expect(hub.state.comments.map(({ body }) => body)).toEqual([expect.stringContaining('gone')]);
  });

  it('one by hand goes by its name, and nothing fails a second time', async () => {
    const hub = await github({ pulls: [open(2)] });
    const tree = await prepared(created(), '2');
    expect((await makeRoom(tree, '2', hub)).messages).toEqual([]);
    expect((await destroyed(tree, '2', hub, { confirm: '' })).codes).toEqual(['confirmation-missing']);
    expect([(await destroyed(tree, '2', hub)).messages, await rooms()]).toEqual([[], []]);
    expect((await destroyed(tree, '2', hub)).messages).toEqual([]);
  });

  it('a second run changes nothing but the end, and what a program pushed not even that', async () => {
    const hub = await github({ pulls: [open(3)] });
    const tree = await prepared(created(), '3');
    const ends = async (actor: string): Promise<string> => {
      expect((await makeRoom(tree, '3', hub, { actor })).messages).toEqual([]);
      const annotations = (await namespaced('shop-pr-3'))?.metadata['annotations'] as Record<string, string>;
      return String(annotations['slipway.dev/expires']);
    };
    const first = await ends('ada');
    const uid = (await namespaced('shop-pr-3'))?.metadata['uid'];
    await new Promise(done => setTimeout(done, 1_100));
    expect(await ends('renovate[bot]')).toBe(first);
    expect((await ends('ada')) > first).toBe(true);
    expect((await namespaced('shop-pr-3'))?.metadata['uid']).toBe(uid);
    expect((await destroyed(tree, '3', hub)).messages).toEqual([]);
  });

  it('what a program pushed does not bring back one that expired', async () => {
    const hub = await github({ pulls: [open(24)] });
    const tree = await prepared(created(), '24');
    expect((await makeRoom(tree, '24', hub)).messages).toEqual([]);
    await expire('shop-pr-24');
    const late = await makeRoom(tree, '24', hub, { actor: 'renovate[bot]' });
    expect([late.messages, late.outputs['verdict']]).toEqual([[], 'no-environment']);
    expect(late.annotations.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      expect.stringMatching(
        /^notice: "shop\/preview-24" expired at 20.* a push of a program does not prolong it/,
      ),
    ]);
    expect(late.log.join('\n')).not.toContain('is ready');
    expect((await makeRoom(tree, '24', hub, { actor: 'ada' })).log.join('\n')).toContain('is ready');
    expect((await destroyed(tree, '24', hub)).messages).toEqual([]);
  });

  it('a branch has one by its name, which no pull request ends', async () => {
    const hub = await github({ pulls: [] });
    const tree = await prepared(created(), 'login-page');
    expect((await makeRoom(tree, 'login-page', hub)).messages).toEqual([]);
    const deployed = await deploy(tree, 'login-page', hub);
    expect([deployed.messages, deployed.outputs['release']]).toEqual([[], '1']);
    expect((await makeRoom(tree, 'login-page', hub)).messages).toEqual([]);
    expect((await end(tree, hub, { mode: 'sweep' })).messages).toEqual([]);
    expect(await rooms()).toEqual(['shop-pr-login-page']);
    expect([(await destroyed(tree, 'login-page', hub)).messages, await rooms()]).toEqual([[], []]);
  });

  it('nothing is made for what may have no instance', async () => {
    const tree = await prepared(created(), '7');
    const of = (owner: string, sha = 'c'.repeat(40)) => ({
      event: { pull_request: { number: 7, head: { sha, repo: { full_name: `${owner}/shop` } } } },
    });
    const target = { eventName: 'pull_request_target' };
    const cases = [
      ['spawn-of-fork', { pulls: [{ ...open(7), fork: 'mallory/shop' }] }, {}],
      ['spawn-closed', { pulls: [{ ...open(7), closed: true }] }, {}],
      ['spawn-state-unknown', { pulls: [] }, {}],
      ['spawn-fork', { pulls: [open(7)] }, { ...target, ...of('mallory') }],
      ['spawn-event', { pulls: [open(7)] }, { eventName: 'pull_request', ...of('acme') }],
      ['spawn-event', { pulls: [open(7)] }, { eventName: 'workflow_run' }],
      ['room-of-head', { pulls: [open(7)] }, { ...target, ...of('acme', tree.commit) }],
    ] as const;
    for (const [code, state, more] of cases) {
      const hub = await github(state as unknown as Parameters<typeof github>[0]);
      expect([(await makeRoom(tree, '7', hub, more)).codes, code]).toEqual([[code], code]);
    }
    const draft = await makeRoom(tree, '7', await github({ pulls: [{ ...open(7), draft: true }] }));
    expect([draft.messages, draft.outputs['verdict']]).toEqual([[], 'no-environment']);
    const shared = await prepared(files('shop-staging'), '7');
    const hub = await github({ pulls: [open(7)] });
    expect((await makeRoom(shared, '7', hub)).codes).toEqual(['spawn-form']);
    expect(await rooms()).toEqual([]);
    const asTarget = await makeRoom(tree, '7', hub, { ...target, ...of('acme') });
    expect([asTarget.messages, await rooms()]).toEqual([[], ['shop-pr-7']]);
    expect((await destroyed(tree, '7', hub)).messages).toEqual([]);
  });

  it('nothing is made where a part of the fence is missing, and no answer is not a proof', async () => {
    const hub = await github({ pulls: [open(7)] });
    const tree = await prepared(created(), '7');
    const live = await client.get(fence);
    const spec = live?.['spec'] as { validations: { message: string }[] };
    const without = async (pattern: RegExp, message: string): Promise<void> => {
      const validations = spec.validations.map(one =>
        pattern.test(one.message) ? { ...one, expression: 'true' } : one,
      );
      await client.patch(fence, { spec: { validations } } as unknown as JsonObject);
      await until(async () => (await makeRoom(tree, '7', hub)).messages.includes(message));
    };
    const begins = 'the fence is not there: the cluster would let this login';
    await without(
      /begin with the prefix|ends with its key/,
      `${begins} create the namespace "not-shop-pr-7"`,
    );
    await destroyed(tree, '7', hub);
    await without(
      /^a namespace of an instance has the marks|ends with its key/,
      `${begins} create the namespace "shop-pr-7" without its marks`,
    );
    await destroyed(tree, '7', hub);
    expect(await rooms()).toEqual([]);
    await client.patch(fence, { spec: { validations: spec.validations } } as unknown as JsonObject);
    const { apiVersion, kind, name } = binding;
    const bound = await client.get(binding);
    await client.delete(binding);
    await until(async () => (await makeRoom(tree, '7', hub)).codes.includes('fence-missing'));
    expect(await rooms()).toEqual([]);
    await client.create({ apiVersion, kind, metadata: { name }, spec: bound?.['spec'] as JsonObject });
    await until(async () => (await makeRoom(tree, '7', hub)).codes.length === 0);
    expect((await destroyed(tree, '7', hub)).messages).toEqual([]);

    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      name: 'slipway-room-keeper',
    };
    const rules = ((await client.get(role))?.['rules'] ?? []) as { resources: string[] }[];
    await client.patch(role, {
      rules: rules.filter(({ resources }) => !resources.includes('rolebindings')),
    } as never);
    await until(async () => (await makeRoom(tree, '7', hub)).codes.includes('fence-unknown'));
    expect(await rooms()).toEqual([]);
    await client.patch(role, { rules } as never);
    await until(async () => (await makeRoom(tree, '7', hub)).codes.length === 0);
    expect((await destroyed(tree, '7', hub)).messages).toEqual([]);
  });

  it('a block that asks for more than the fence allows is told, and the next run goes on', async () => {
    const hub = await github({ pulls: [open(21)] });
    const tree = await prepared(created(), '21');
    const map = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'slipway-rooms', name: 'preview' };
    const before = (await client.get(map))?.['data'] as JsonObject;
    for (const [key, value, kind] of [
      ['quota.pods', '10', 'ResourceQuota'],
      ['tenant', 'other', 'RoleBinding'],
    ] as const) {
      await client.patch(map, { data: { [key]: value } });
      await until(async () => {
        const { codes } = await makeRoom(tree, '21', hub);
        // One that was made before the change counted is as it should be for good.
        if (codes.length === 0) await destroyed(tree, '21', hub);
        return codes.length > 0;
      });
      const ran = await makeRoom(tree, '21', hub);
      expect([ran.codes, ran.messages[0]]).toEqual([
        ['room-unfurnished'],
        expect.stringContaining(
          `the namespace "shop-pr-21" of the instance stays without a part of its fence: the cluster refused its ${kind}: `,
        ),
      ]);
      await client.patch(map, { data: before });
      await until(async () => (await makeRoom(tree, '21', hub)).codes.length === 0);
      expect((await deploy(tree, '21', hub)).messages).toEqual([]);
      expect((await destroyed(tree, '21', hub)).messages).toEqual([]);
    }
  });

  it('a namespace of others is refused, and stays as it is', async () => {
    const hub = await github({ pulls: [open(4), open(5)] });
    const [four, five] = [await prepared(created(), '4'), await prepared(created(), '5')];
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-pr-4' } });
    expect((await makeRoom(four, '4', hub)).codes).toEqual(['room-unmarked']);
    expect((await destroyed(four, '4', hub)).codes).toEqual(['room-broken']);
    expect((await makeRoom(five, '5', hub)).messages).toEqual([]);
    const room = { apiVersion: 'v1', kind: 'Namespace', name: 'shop-pr-5' };
    const annotations = (await client.get(room))?.metadata['annotations'] as Record<string, string>;
    const said = {
      ...JSON.parse(annotations['slipway.dev/room'] ?? ''),
      repositoryId: 8,
      repository: 'other/shop',
    };
    await client.patch(room, {
      metadata: {
        annotations: { 'slipway.dev/repository-id': '8', 'slipway.dev/room': JSON.stringify(said) },
      },
    });
    expect((await makeRoom(five, '5', hub)).codes).toEqual(['room-foreign']);
    expect((await deploy(five, '5', hub)).codes).toEqual(['room-foreign']);
    expect((await destroyed(five, '5', hub)).codes).toEqual(['room-foreign']);
    const [pull] = hub.state.pulls.slice(1);
    if (pull !== undefined) pull.closed = true;
    const swept = await end(five, hub, { mode: 'sweep' });
    expect([swept.messages, (await namespaced('shop-pr-5'))?.metadata['deletionTimestamp']]).toEqual([
      [],
      undefined,
    ]);
    await client.patch(room, { metadata: { labels: { 'slipway.dev/spawned-from': null } } });
    const passed = await end(five, hub, { mode: 'sweep' });
    expect([passed.codes, passed.messages[0]]).toEqual([
      ['room-broken'],
      expect.stringContaining('the namespace "shop-pr-5" does not say for which instance it is'),
    ]);
    expect((await namespaced('shop-pr-5'))?.metadata['deletionTimestamp']).toBeUndefined();
    for (const name of ['shop-pr-4', 'shop-pr-5'])
      await client.delete({ apiVersion: 'v1', kind: 'Namespace', name });
    for (const name of ['shop-pr-4', 'shop-pr-5'])
      await until(async () => (await namespaced(name)) === undefined);
  });

  it('one that hangs is named with its finalizer, is waited for, and the others go', async () => {
    const hub = await github({ pulls: [open(8), open(9)] });
    const [eight, nine] = [await prepared(created(), '8'), await prepared(created(), '9')];
    for (const [tree, key] of [
      [eight, '8'],
      [nine, '9'],
    ] as const)
      expect((await makeRoom(tree, key, hub)).messages).toEqual([]);
    const held = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop-pr-8', name: 'held' };
    await client.create({
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      metadata: { name: 'held', namespace: 'shop-pr-8', finalizers: ['example.org/backup'] },
    });
    for (const pull of hub.state.pulls) pull.closed = true;
    const swept = await end(eight, hub, { mode: 'sweep', 'lock-timeout': '30s' });
    expect(swept.codes).toEqual(['namespace-stays']);
    expect(swept.messages[0]).toContain('example.org/backup');
    expect(await rooms()).toEqual(['shop-pr-8']);
    for (const pull of hub.state.pulls) pull.closed = pull.number === 8;
    const full = await step('deploy', await prepared(created(1), '9'), hub, {
      inputs: {
        ...{ mode: 'room', formation: 'preview', spawn: '9', kubeconfig: logins.keeper },
        'lock-timeout': '2s',
      },
      context,
    });
    expect([full.messages, full.outputs['verdict'], await rooms()]).toEqual([[], 'no-room', ['shop-pr-8']]);
    expect(hub.state.comments.find(({ pull }) => pull === 9)?.body).toMatch(/preview-8.*being removed/);
    for (const pull of hub.state.pulls) pull.closed = false;
    const waits = await step('deploy', eight, hub, {
      inputs: {
        mode: 'room',
        formation: 'preview',
        spawn: '8',
        kubeconfig: logins.keeper,
        'lock-timeout': '2s',
      },
      context,
    });
    expect(waits.codes).toEqual(['namespace-stays']);
    const uid = (await namespaced('shop-pr-8'))?.metadata['uid'];
    const [again] = await Promise.all([
      makeRoom(eight, '8', hub),
      client.patch(held, { metadata: { finalizers: null } }),
    ]);
    expect(again.messages).toEqual([]);
    expect((await namespaced('shop-pr-8'))?.metadata['uid']).not.toBe(uid);
    expect((await destroyed(eight, '8', hub)).messages).toEqual([]);
  });

  it('what others wrote on a namespace keeps it neither from being prolonged nor from being removed', async () => {
    const hub = await github({ pulls: [open(21), open(22)] });
    const trees = { '21': await prepared(created(), '21'), '22': await prepared(created(), '22') };
    const labels = { 'field.cattle.io/projectId': 'p-1' };
    for (const [key, tree] of Object.entries(trees)) {
      expect((await makeRoom(tree, key, hub)).messages).toEqual([]);
      await client.patch(
        { apiVersion: 'v1', kind: 'Namespace', name: `shop-pr-${key}` },
        { metadata: { labels } },
      );
      expect((await makeRoom(tree, key, hub)).messages).toEqual([]);
    }
    // The policy refuses each change of this one.
    const relaxed = { 'pod-security.kubernetes.io/enforce': 'baseline' };
    await client.patch(
      { apiVersion: 'v1', kind: 'Namespace', name: 'shop-pr-22' },
      { metadata: { labels: relaxed } },
    );
    expect((await makeRoom(trees['22'], '22', hub)).messages[0]).toContain('enforce with restricted');
    expect([(await destroyed(trees['21'], '21', hub)).messages, await rooms()]).toEqual([[], ['shop-pr-22']]);
    for (const pull of hub.state.pulls) pull.closed = true;
    const swept = await end(trees['22'], hub, { mode: 'sweep' });
    expect([swept.messages, await rooms()]).toEqual([[], []]);
  });

  it('an instance that is held stays', async () => {
    const hub = await github({ pulls: [open(10)] });
    const tree = await prepared(created(), '10');
    expect((await makeRoom(tree, '10', hub)).messages).toEqual([]);
    expect((await deploy(tree, '10', hub)).messages).toEqual([]);
    const hold = { formation: 'preview', spawn: '10', kubeconfig: logins.tenant };
    const set = await step('deploy', tree, hub, {
      inputs: { ...hold, mode: 'hold', reason: 'a demo' },
      context,
    });
    expect(set.messages).toEqual([]);
    expect((await destroyed(tree, '10', hub)).codes).toEqual(['formation-held']);
    expect(await rooms()).toEqual(['shop-pr-10']);
    await step('deploy', tree, hub, { inputs: { ...hold, mode: 'lift-hold' }, context });
    expect((await destroyed(tree, '10', hub)).messages).toEqual([]);
  });

  it('a hold keeps an instance until it expires, and no longer', async () => {
    const hub = await github({ pulls: [open(19), open(20)] });
    const trees = { '19': await prepared(created(), '19'), '20': await prepared(created(), '20') };
    for (const [key, tree] of Object.entries(trees)) {
      expect((await makeRoom(tree, key, hub)).messages).toEqual([]);
      expect((await deploy(tree, key, hub)).messages).toEqual([]);
      const hold = { formation: 'preview', spawn: key, kubeconfig: logins.tenant, mode: 'hold' };
      const set = await step('deploy', tree, hub, { inputs: { ...hold, reason: 'a demo' }, context });
      expect(set.messages).toEqual([]);
    }
    for (const pull of hub.state.pulls) pull.closed = true;
    const held = await end(trees['19'], hub, { mode: 'sweep' });
    expect(held.codes).toEqual([]);
    expect(held.log.filter(line => /stays: pull request \d+ is closed, and .*held/.test(line))).toHaveLength(
      2,
    );
    expect(await rooms()).toEqual(['shop-pr-19', 'shop-pr-20']);
    for (const key of ['19', '20']) await expire(`shop-pr-${key}`);
    expect([(await destroyed(trees['19'], '19', hub)).messages, await rooms()]).toEqual([[], ['shop-pr-20']]);
    const swept = await end(trees['20'], hub, { mode: 'sweep' });
    expect([swept.messages, await rooms()]).toEqual([[], []]);
  });

  it('a full house is a green notice, and one that is over makes room', async () => {
    const hub = await github({ pulls: [open(11), open(12)] });
    const [one, two] = [await prepared(created(1), '11'), await prepared(created(1), '12')];
    expect((await makeRoom(one, '11', hub)).messages).toEqual([]);
    expect((await deploy(two, '12', hub)).codes).toEqual(['room-not-ready']);
    const pull = (sha: string) => ({
      event: { pull_request: { number: 12, head: { sha, repo: { full_name: 'acme/shop' } } } },
    });
    const byHand = await makeRoom(two, '12', hub, { eventName: 'workflow_dispatch' });
    expect([byHand.messages, byHand.outputs['verdict']]).toEqual([[], 'no-room']);
    expect(hub.state.comments.map(({ pull }) => pull)).toEqual([12]);
    const full = await makeRoom(two, '12', hub, {
      ...pull('c'.repeat(40)),
      eventName: 'pull_request_target',
    });
    expect([full.messages, full.outputs['verdict'], await rooms()]).toEqual([[], 'no-room', ['shop-pr-11']]);
    const said = structuredClone(hub.state.comments);
    expect(said.map(({ pull, body }) => [pull, body.includes('preview-11')])).toEqual([[12, true]]);
    const green = await deploy(two, '12', hub);
    expect([green.messages, green.outputs['verdict'], green.outputs['release']]).toEqual([
      [],
      'no-room',
      undefined,
    ]);
    expect((await deploy(two, '12', hub, { 'on-full': 'fail' })).codes).toEqual(['spawn-no-room']);
    expect(hub.state.comments).toEqual(said);
    hub.state.comments.splice(0, 1, ...said.map(comment => ({ ...comment, user: 'mallory' })));
    expect((await deploy(two, '12', hub)).codes).toEqual(['room-not-ready']);
    hub.state.comments.splice(0, 1, ...said);
    expect((await makeRoom(one, '11', hub)).messages).toEqual([]);
    const [first] = hub.state.pulls;
    if (first !== undefined) first.closed = true;
    expect((await makeRoom(two, '12', hub)).messages).toEqual([]);
    expect(await rooms()).toEqual(['shop-pr-12']);
    const deployed = await deploy(two, '12', hub);
    expect([deployed.messages, deployed.outputs['release']]).toEqual([[], '1']);
    expect((await destroyed(two, '12', hub)).messages).toEqual([]);
  });

  it('of two at the same time the younger gives way, and leaves no namespace', async () => {
    const hub = await github({ pulls: [open(13), open(14)] });
    const ran = await Promise.all(
      ['13', '14'].map(async key => makeRoom(await prepared(created(1), key), key, hub)),
    );
    expect(ran.flatMap(({ messages }) => messages)).toEqual([]);
    expect(ran.map(({ outputs }) => outputs['verdict'] ?? 'made').sort()).toEqual(['made', 'no-room']);
    const left = await rooms();
    expect(left).toHaveLength(1);
    const key = left[0]?.replace('shop-pr-', '') ?? '';
    expect((await destroyed(await prepared(created(1), key), key, hub)).messages).toEqual([]);
  });

  it('a rollback needs its room, and the login of the tenant', async () => {
    const hub = await github({ pulls: [open(23)] });
    const tree = await prepared(created(), '23');
    const back = async (kubeconfig = logins.tenant): Promise<Ran> =>
      await step('deploy', tree, hub, {
        inputs: {
          mode: 'rollback',
          to: '1',
          formation: 'preview',
          spawn: '23',
          kubeconfig,
          secrets: 'env=PREVIEW_PASSWORD',
        },
        context,
      });
    expect((await back()).codes).toEqual(['room-not-ready']);
    expect((await makeRoom(tree, '23', hub)).messages).toEqual([]);
    for (const release of ['1', '2']) {
      expect((await deploy(tree, '23', hub)).outputs['release']).toBe(release);
      const verified = await step('verify', tree, hub, {
        inputs: { release, formation: 'preview', spawn: '23', kubeconfig: logins.tenant, 'stable-for': '0s' },
        context,
      });
      expect(verified.messages).toEqual([]);
    }
    expect((await back(logins.keeper)).codes).toEqual(['spawn-unsplit']);
    const [pull] = hub.state.pulls;
    if (pull !== undefined) pull.closed = true;
    expect((await back()).codes).toEqual(['spawn-closed']);
    if (pull !== undefined) pull.closed = false;
    const restored = await back();
    expect([restored.messages, restored.outputs['release']]).toEqual([[], '3']);
    await expire('shop-pr-23');
    expect([(await destroyed(tree, '23', hub)).messages, await rooms()]).toEqual([[], []]);
  });

  it('what makes namespaces deploys no instance', async () => {
    const hub = await github({ pulls: [open(15)] });
    const tree = await prepared(created(), '15');
    expect((await makeRoom(tree, '15', hub)).messages).toEqual([]);
    for (const kubeconfig of [logins.keeper, testbed.cluster.kubeconfig])
      expect((await deploy(tree, '15', hub, { kubeconfig })).codes).toEqual(['spawn-unsplit']);
    expect((await contents(client, 'shop-pr-15')).filter(text => !text.startsWith('Lease'))).toEqual([]);
    expect((await destroyed(tree, '15', hub)).messages).toEqual([]);
  });

  it('a wrong ConfigMap and a wrong login are told, and a policy that fails proves nothing', async () => {
    const hub = await github({ pulls: [open(25)] });
    const tree = await prepared(created(), '25');
    const map = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'slipway-rooms', name: 'preview' };
    const before = (await client.get(map))?.['data'] as JsonObject;
    const said = async (): Promise<string> => (await makeRoom(tree, '25', hub)).remedies.join('\n');
    await client.patch(map, { data: { 'repository-id': '1' } });
    await until(async () => (await said()).includes('repository-id: "4711"'));
    expect(await said()).toContain(
      'application: "shop", formation: "preview", name-prefix: "shop-pr-", server: "https://github.com"',
    );
    await client.delete(map);
    await until(async () => (await makeRoom(tree, '25', hub)).codes.includes('fence-unknown'));
    expect(await said()).toContain('the ConfigMap that the policies of examples/roles/spawner.yaml read');
    const { apiVersion, kind, name, namespace } = map;
    await client.create({ apiVersion, kind, metadata: { name, namespace }, data: before });
    await until(async () => (await makeRoom(tree, '25', hub)).codes.length === 0);
    const wrong = { kubeconfig: logins.tenant };
    for (const ran of [
      await end(tree, hub, { mode: 'sweep', ...wrong }),
      await end(tree, hub, { mode: 'room', formation: 'preview', spawn: '25', ...wrong }),
    ])
      expect(ran.remedies.join('\n')).toContain('use the kubeconfig of the room keeper in this job');
    expect((await destroyed(tree, '25', hub)).messages).toEqual([]);
    expect(await rooms()).toEqual([]);
  });

  it('nothing is deployed where the second policy does not hold', async () => {
    const hub = await github({ pulls: [open(17)] });
    const tree = await prepared(created(), '17');
    expect((await makeRoom(tree, '17', hub)).messages).toEqual([]);
    const tenant = await connect(logins.tenant);
    const isFenced = async (what = HOST): Promise<boolean> =>
      await tenant.create(wished('shop-pr-17')[what] as KubernetesObject, { dryRun: true }).then(
        () => false,
        () => true,
      );
    const refused = async (): Promise<void> => {
      await until(async () => !(await isFenced()));
      const ran = await deploy(tree, '17', hub);
      expect([ran.codes, ran.outputs['release']]).toEqual([['fence-missing'], undefined]);
      expect(ran.messages[0]).toBe(
        `the fence is not there: the cluster would let this login ${HOST} in the namespace "shop-pr-17"`,
      );
    };
    const second = { ...binding, name: 'slipway-tenant' };
    const bound = await client.get(second);
    await client.delete(second);
    await refused();
    const { apiVersion, kind, name } = second;
    await client.create({ apiVersion, kind, metadata: { name }, spec: bound?.['spec'] as JsonObject });
    await until(() => isFenced());
    const map = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'slipway-rooms', name: 'preview' };
    for (const data of [{ application: 'blog' }, { formation: 'other' }]) {
      const before = (await client.get(map))?.['data'] as JsonObject;
      await client.patch(map, { data });
      await refused();
      await client.patch(map, { data: before });
      await until(() => isFenced());
    }
    const policy = { ...fence, name: 'slipway-tenant' };
    const spec = (await client.get(policy))?.['spec'] as { validations: { message: string }[] };
    for (const what of Object.keys(wished('shop-pr-17'))) {
      const validations = spec.validations.map(one =>
        RULES[what]?.test(one.message) ? { ...one, expression: 'true' } : one,
      );
      await client.patch(policy, { spec: { validations } } as unknown as JsonObject);
      await until(async () => !(await isFenced(what)));
      const ran = await deploy(tree, '17', hub);
      expect([what, ran.codes, ran.messages[0]?.includes(what)]).toEqual([what, ['fence-missing'], true]);
    }
    await client.patch(policy, { spec: { validations: spec.validations } } as unknown as JsonObject);
    expect((await contents(client, 'shop-pr-17')).filter(text => !text.startsWith('Lease'))).toEqual([]);
    for (const what of Object.keys(wished('shop-pr-17'))) await until(() => isFenced(what));
    expect((await deploy(tree, '17', hub)).messages).toEqual([]);
    tenant.close();
    expect((await destroyed(tree, '17', hub)).messages).toEqual([]);
  });

  it('what may take down the fence of a room deploys no instance', async () => {
    const hub = await github({ pulls: [open(18)] });
    const tree = await prepared(created(), '18');
    expect((await makeRoom(tree, '18', hub)).messages).toEqual([]);
    expect((await deploy(tree, '18', hub)).messages).toEqual([]);
    const tenant = await connect(logins.tenant);
    const rbac = 'rbac.authorization.k8s.io';
    const metadata = { name: 'more', namespace: 'shop-pr-18' };
    const subjects = [{ apiGroup: rbac, kind: 'User', name: 'tenant' }];
    const give = async (
      kind: 'RoleBinding' | 'ClusterRoleBinding',
      roleRef: JsonObject,
      [group, resource, verb]: readonly [string, string, string],
    ): Promise<void> => {
      const own = kind === 'RoleBinding' ? metadata : { name: 'more' };
      const reference = { apiVersion: `${rbac}/v1`, kind, ...own };
      await client.create({
        ...{ apiVersion: `${rbac}/v1`, kind, metadata: own, subjects },
        roleRef: { apiGroup: rbac, ...roleRef },
      });
      const may = async (): Promise<boolean> => {
        const question = accessReview({ group, resource, verb, namespace: 'shop-pr-18' });
        return (await tenant.review(question))['allowed'] === true;
      };
      await until(may);
      const ran = await deploy(tree, '18', hub);
      expect([resource, ran.codes, ran.outputs['release']]).toEqual([resource, ['spawn-unsplit'], undefined]);
      expect(ran.messages[0]).toContain(kind === 'RoleBinding' ? 'shop-pr-18' : 'networkpolicies');
      await client.delete(reference);
      await until(async () => !(await may()));
    };
    for (const [group, resource, verb] of [
      [rbac, 'rolebindings', 'delete'],
      ['networking.k8s.io', 'networkpolicies', 'patch'],
      ['', 'resourcequotas', 'update'],
      ['', 'limitranges', 'create'],
      ['', 'namespaces', 'patch'],
    ] as const) {
      const role = { apiVersion: `${rbac}/v1`, kind: 'Role', ...metadata };
      const rules = [{ apiGroups: [group], resources: [resource], verbs: [verb] }];
      await client.create({ apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules });
      await give('RoleBinding', { kind: 'Role', name: 'more' }, [group, resource, verb]);
      await client.delete(role);
    }
    const policies = ['networking.k8s.io', 'networkpolicies', 'create'] as const;
    await give('RoleBinding', { kind: 'ClusterRole', name: 'admin' }, policies);
    await give('ClusterRoleBinding', { kind: 'ClusterRole', name: 'edit' }, policies);
    expect((await deploy(tree, '18', hub)).messages).toEqual([]);
    tenant.close();
    expect((await destroyed(tree, '18', hub)).messages).toEqual([]);
  });

  it('a room without a part of its fence takes no release, and the next run of the room keeper restores it', async () => {
    const hub = await github({ pulls: [open(16)] });
    const tree = await prepared(created(), '16');
    const parts = [
      ['v1', 'ResourceQuota'],
      ['v1', 'LimitRange'],
      ['networking.k8s.io/v1', 'NetworkPolicy'],
      ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
    ] as const;
    expect((await makeRoom(tree, '16', hub)).messages).toEqual([]);
    for (const [apiVersion, kind] of parts) {
      await client.delete({ apiVersion, kind, namespace: 'shop-pr-16', name: 'slipway-room' });
      const ran = await deploy(tree, '16', hub, { 'lock-timeout': '1s' });
      expect([kind, ran.codes, ran.outputs['release']]).toEqual([kind, ['room-not-ready'], undefined]);
      expect((await makeRoom(tree, '16', hub)).messages).toEqual([]);
    }
    expect((await deploy(tree, '16', hub)).messages).toEqual([]);
    const lower = await prepared(created(3, '\n    quota: { pods: "3" }'), '16');
    expect((await makeRoom(lower, '16', hub)).messages).toEqual([]);
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', namespace: 'shop-pr-16', name: 'slipway-room' };
    expect(await client.get(quota)).toMatchObject({
      spec: { hard: { pods: '3' } },
      status: { hard: { pods: '3' } },
    });
    expect((await destroyed(tree, '16', hub)).messages).toEqual([]);
  });
});

/** Lets the end of a room pass, as an administrator may. */
async function expire(name: string): Promise<void> {
  const room = { apiVersion: 'v1', kind: 'Namespace', name };
  const annotations = (await client.get(room))?.metadata['annotations'] as Record<string, string>;
  const expires = new Date(Date.now() - 60_000).toISOString();
  const said = { ...JSON.parse(annotations['slipway.dev/room'] ?? ''), expires };
  await client.patch(room, {
    metadata: { annotations: { 'slipway.dev/expires': expires, 'slipway.dev/room': JSON.stringify(said) } },
  });
}

/** Waits for what the API server takes up a moment after it was written: policies, bindings and roles. */
async function until(isThere: () => Promise<boolean>): Promise<void> {
  while (!(await isThere())) await new Promise(done => setTimeout(done, 200));
}
