import { beforeAll, describe, expect, it } from '@jest/globals';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { git, pullRequest, repository, shallowCheckout } from '@slipway/testkit/git';
import {
  contents,
  fencedNamespace,
  files,
  open,
  type Prepared,
  prepared,
  spawned,
} from './support/instances.ts';
import { useSteps } from './support/use-steps.ts';

const testbed = useTestbed({ parts: ['cluster'] });
const client = useClient(() => testbed.cluster.kubeconfig);
const { github, step } = useSteps();
let spawner = '';

beforeAll(async () => {
  spawner = await testbed.cluster.userKubeconfig('spawner');
});

const staging = ({ manifests, digest }: Prepared) => ({
  ...{ manifests, digest, kubeconfig: testbed.cluster.kubeconfig, formation: 'staging' },
  secrets: 'env=STAGING_PASSWORD',
});

/** What one instance or formation has, by the text in its names. */
const of = (all: readonly string[], part: string) => all.filter(text => text.includes(part));

describe('with the Role that is shipped', () => {
  it('two instances and staging are beside each other, and each goes alone', async () => {
    const namespace = await fencedNamespace(client, 'beside');
    const hub = await github({ pulls: [open(1), open(12)] });
    const [base, one, twelve] = [
      await prepared(files(namespace), undefined),
      await prepared(files(namespace), '1'),
      await prepared(files(namespace), '12'),
    ];
    const released = await step('deploy', base, hub, { inputs: staging(base) });
    expect(released.messages).toEqual([]);
    for (const [key, tree] of [
      ['1', one],
      ['12', twelve],
    ] as const) {
      const deployed = await step('deploy', tree, hub, { inputs: spawned(tree, key, spawner) });
      expect([deployed.messages, deployed.outputs['release'], deployed.outputs['verdict']]).toEqual([
        [],
        '1',
        undefined,
      ]);
    }
    const all = await contents(client, namespace);
    const groups = ['pr-1-', 'pr-12-', 'preview-1.', 'preview-12.', 'shop.staging'].map(
      part => of(all, part).length,
    );
    expect(groups.every(size => size >= 4)).toBe(true);
    const { items: services } = await client.list({ apiVersion: 'v1', kind: 'Service', namespace });
    const selectors = services.map(({ spec }) => JSON.stringify((spec as { selector: object }).selector));
    expect(new Set(selectors).size).toBe(3);

    const inputs = { mode: 'destroy', formation: 'preview', spawn: '1', kubeconfig: spawner };
    const unconfirmed = await step('deploy', one, hub, { inputs });
    expect(unconfirmed.codes).toEqual(['confirmation-missing']);
    const gone = await step('deploy', one, hub, { inputs: { ...inputs, confirm: 'shop/preview-1' } });
    expect(gone.messages).toEqual([]);
    const left = await contents(client, namespace);
    const isOfOne = (text: string) => text.includes('pr-1-') || /preview-1[ .]/.test(text);
    expect(left).toEqual(all.filter(text => !isOfOne(text)));
    const again = await step('deploy', one, hub, { inputs: { ...inputs, confirm: 'shop/preview-1' } });
    expect([again.messages, await contents(client, namespace)]).toEqual([[], left]);
  });

  it('the pull request has one comment and one deployment, and no verdict goes to a registry', async () => {
    const namespace = await fencedNamespace(client, 'noted');
    const tree = await prepared(files(namespace), '7');
    const hub = await github({ pulls: [open(7)], directory: tree.workspace });
    for (const release of ['1', '2']) {
      const deployed = await step('deploy', tree, hub, { inputs: spawned(tree, '7', spawner) });
      expect(deployed.messages).toEqual([]);
      const verified = await step('verify', tree, hub, {
        inputs: { release, formation: 'preview', spawn: '7', kubeconfig: spawner, 'stable-for': '0s' },
      });
      expect([verified.messages, verified.outputs['verdict']]).toEqual([[], 'succeeded']);
      expect(verified.log.filter(line => line.startsWith('warning'))).toEqual([]);
    }
    expect(hub.state.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining('**<https://pr-7.preview.acme.io>**'),
    ]);
    expect(hub.state.comments[0]?.body).toContain('50m CPU');
    expect(hub.state.deployments).toMatchObject([
      {
        environment: 'preview',
        isTransient: true,
        sha: tree.commit,
        statuses: [{ state: 'success' }, { state: 'success' }],
      },
    ]);
    const inputs = { mode: 'sweep', kubeconfig: spawner };
    const kept = await step('deploy', tree, hub, { inputs });
    expect([kept.messages, kept.outputs['changes']]).toEqual([[], '0']);
    const [pull] = hub.state.pulls;
    if (pull !== undefined) pull.closed = true;
    const swept = await step('deploy', tree, hub, { inputs });
    expect([swept.messages, swept.outputs['changes']]).toEqual([[], '1']);
    expect(await contents(client, namespace)).toEqual([]);
    expect(hub.state.comments.map(({ body }) => body)).toEqual([expect.stringContaining('gone')]);
    expect(hub.state.deployments).toEqual([]);
  });
});

describe('nothing is written', () => {
  it('for what may have no instance', async () => {
    const namespace = await fencedNamespace(client, 'refused');
    const tree = await prepared(files(namespace), '7');
    const inputs = spawned(tree, '7', spawner);
    const eventOf = (owner: string) => ({
      pull_request: { number: 7, head: { sha: 'c', repo: { full_name: `${owner}/shop` } } },
    });
    const cases = [
      ['spawn-of-fork', { pulls: [{ ...open(7), fork: 'mallory/shop' }] }, {}],
      ['spawn-closed', { pulls: [{ ...open(7), closed: true }] }, {}],
      ['spawn-state-unknown', { pulls: [] }, {}],
      ['spawn-state-unknown', { tokens: new Map([['ghs_1', { login: 'x' }]]) }, {}],
      ['spawn-fork', { pulls: [open(7)] }, { eventName: 'pull_request_target', event: eventOf('mallory') }],
      ['spawn-event', { pulls: [open(7)] }, { eventName: 'pull_request_target', event: eventOf('acme') }],
      ['spawn-event', { pulls: [open(7)] }, { eventName: 'schedule' }],
    ] as const;
    for (const [code, state, context] of cases) {
      const hub = await github(state as Parameters<typeof github>[0]);
      const ran = await step('deploy', tree, hub, { inputs, context });
      expect([ran.codes, code]).toEqual([[code], code]);
    }
    const moved = await github({ pulls: [open(7)] });
    moved.fail({ status: 301, headers: { location: `${moved.apiUrl}/repositories/1/pulls/7` }, body: {} });
    expect((await step('deploy', tree, moved, { inputs })).codes).toEqual(['spawn-state-unknown']);
    const hub = await github({ pulls: [open(7)] });
    const without = await step('deploy', tree, undefined, { inputs });
    expect(without.codes).toEqual(['spawn-state-unknown']);
    const other = await step('deploy', tree, hub, { inputs: { ...inputs, spawn: '8' } });
    expect(other.codes).toEqual(['destination-unclear']);
    const { spawn: _, ...unspawned } = inputs;
    expect((await step('deploy', tree, hub, { inputs: unspawned })).codes).toEqual(['spawn-key-missing']);
    const wrong = await step('deploy', tree, hub, { inputs: { ...inputs, spawn: '../x' } });
    expect(wrong.codes).toEqual(['spawn-key-invalid']);
    expect(await contents(client, namespace)).toEqual([]);
  });

  it('for a draft and for the pull request of a program, and the step is green', async () => {
    const namespace = await fencedNamespace(client, 'noticed');
    const tree = await prepared(files(namespace), '7');
    for (const pull of [
      { ...open(7), draft: true },
      { ...open(7), byBot: true },
    ]) {
      const ran = await step('deploy', tree, await github({ pulls: [pull] }), {
        inputs: spawned(tree, '7', spawner),
      });
      expect([ran.messages, ran.outputs['verdict'], ran.annotations.map(({ severity }) => severity)]).toEqual(
        [[], 'no-environment', ['notice']],
      );
    }
    expect(await contents(client, namespace)).toEqual([]);
  });

  it('in a namespace without a fence, unless the block says why', async () => {
    const namespace = await fencedNamespace(client, 'unfenced');
    const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace, name: 'previews' };
    await client.patch(policy, { spec: { egress: [{}] } });
    await client.delete({ apiVersion: 'v1', kind: 'LimitRange', namespace, name: 'previews' });
    const hub = await github({ pulls: [open(7)] });
    const tree = await prepared(files(namespace), '7');
    const refused = await step('deploy', tree, hub, { inputs: spawned(tree, '7', spawner) });
    expect(refused.messages).toEqual([
      'the namespace "unfenced" of the instances lacks a LimitRange with a min above 0 of cpu and memory for containers, a NetworkPolicy that restricts the egress of all pods',
    ]);
    expect(await contents(client, namespace)).toEqual([]);
    const given = files(namespace);
    const formation = String(given['formations/preview.yaml']).replace(
      'form: shared',
      'form: shared\n    fence: none\n    fence-reason: a cluster of its own',
    );
    const open7 = await prepared({ ...given, 'formations/preview.yaml': formation }, '7');
    expect((await step('deploy', open7, hub, { inputs: spawned(open7, '7', spawner) })).messages).toEqual([]);
  });

  it('without the rights, and the log has the Role', async () => {
    const namespace = await fencedNamespace(client, 'rights');
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      namespace,
      name: 'slipway-spawned',
    };
    const rules = ((await client.get(role))?.['rules'] ?? []) as { resources: string[]; verbs: string[] }[];
    const fewer = rules.filter(({ resources }) => !resources.includes('resourcequotas'));
    await client.patch(role, { rules: fewer } as never);
    const tree = await prepared(files(namespace), '7');
    const ran = await step('deploy', tree, await github({ pulls: [open(7)] }), {
      inputs: spawned(tree, '7', spawner),
    });
    expect(new Set(ran.codes)).toEqual(new Set(['rights-missing']));
    expect(ran.log.join('\n')).toContain('resourcequotas');
    expect(await contents(client, namespace)).toEqual([]);
  });

  it('of an instance that asks for a host of another environment', async () => {
    const namespace = await fencedNamespace(client, 'hosts');
    const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: api }
spec: { rules: [{ host: shop.acme.io }] }
`;
    const tree = await prepared({ ...files(namespace), 'stencils/ingress.yaml': ingress }, '7');
    const ran = await step('deploy', tree, await github({ pulls: [open(7)] }), {
      inputs: spawned(tree, '7', spawner),
    });
    expect(ran.messages).toEqual([
      expect.stringContaining(
        'spawned/foreign-host: Ingress hosts/pr-7-api asks for the host "shop.acme.io"',
      ),
    ]);
    expect(await contents(client, namespace)).toEqual([]);
  });

  it('by a block that the pull request adds, and its own block does not count', async () => {
    const namespace = await fencedNamespace(client, 'based');
    const given = files(namespace, 1);
    const preview = given['formations/preview.yaml'];
    const unspawned = `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: preview }
spec: { extends: staging, destinations: { dev: { namespace: ${namespace} } } }
`;
    const origin = repository({ ...given, 'formations/preview.yaml': unspawned });
    const { merge } = pullRequest(origin, { 'formations/preview.yaml': preview });
    const tree = await prepared(given, '1');
    const hub = await github({ pulls: [open(1)], directory: origin });
    const event = {
      pull_request: {
        number: 1,
        base: { sha: git(origin, 'rev-parse', 'main').trim(), ref: 'main' },
        head: { sha: 'c', repo: { full_name: 'acme/shop' } },
      },
    };
    const context = { eventName: 'pull_request', ref: 'refs/pull/1/merge', sha: merge, event };
    const workspace = shallowCheckout(origin, merge);
    const ran = await step('deploy', { workspace }, hub, {
      inputs: { ...spawned(tree, '1', spawner), spawn: 'event' },
      context,
    });
    expect(ran.codes).toEqual(['spawn-unmerged']);
    expect(await contents(client, namespace)).toEqual([]);
  });
});

describe('a full house', () => {
  it('is a green notice with a comment, or red if that is wanted, and one that is over makes room', async () => {
    const namespace = await fencedNamespace(client, 'full');
    const hub = await github({ pulls: [open(1), open(2)] });
    const [one, two] = [await prepared(files(namespace, 1), '1'), await prepared(files(namespace, 1), '2')];
    expect((await step('deploy', one, hub, { inputs: spawned(one, '1', spawner) })).messages).toEqual([]);
    const before = await contents(client, namespace);
    const event = { pull_request: { number: 2, head: { sha: 'c', repo: { full_name: 'acme/shop' } } } };
    const full = await step('deploy', two, hub, { inputs: spawned(two, '2', spawner), context: { event } });
    expect([full.messages, full.outputs['verdict'], full.outputs['release']]).toEqual([
      [],
      'no-room',
      undefined,
    ]);
    expect(hub.state.comments.map(({ pull, body }) => [pull, body.includes('preview-1')])).toEqual([
      [2, true],
    ]);
    const red = await step('deploy', two, hub, {
      inputs: { ...spawned(two, '2', spawner), 'on-full': 'fail' },
    });
    expect(red.codes).toEqual(['spawn-no-room']);
    expect(await contents(client, namespace)).toEqual(before);
    const same = await step('deploy', one, hub, { inputs: spawned(one, '1', spawner) });
    expect([same.messages, same.outputs['release']]).toEqual([[], '2']);

    const [first] = hub.state.pulls;
    if (first !== undefined) first.closed = true;
    const made = await step('deploy', two, hub, { inputs: spawned(two, '2', spawner) });
    expect([made.messages, made.outputs['release']]).toEqual([[], '1']);
    const after = await contents(client, namespace);
    expect([of(after, 'pr-1-'), of(after, 'preview-1'), of(after, 'pr-2-').length > 3]).toEqual([
      [],
      [],
      true,
    ]);
  });

  it('lets the younger of two give way that come at the same time', async () => {
    const namespace = await fencedNamespace(client, 'two-at-once');
    const hub = await github({ pulls: [open(1), open(2)] });
    const ran = await Promise.all(
      ['1', '2'].map(async key => {
        const tree = await prepared(files(namespace, 1), key);
        return await step('deploy', tree, hub, { inputs: spawned(tree, key, spawner) });
      }),
    );
    expect(ran.flatMap(({ messages }) => messages)).toEqual([]);
    expect(ran.map(({ outputs }) => outputs['verdict'] ?? outputs['release']).sort()).toEqual([
      '1',
      'no-room',
    ]);
    const rooms = of(await contents(client, namespace), '.room');
    expect(rooms).toHaveLength(1);
  });
});

it('a pull request that is closed meanwhile ends its release before the last stage, and the sweep removes the rest', async () => {
  const namespace = await fencedNamespace(client, 'closed-meanwhile');
  const hub = await github({ pulls: [open(7)] });
  const tree = await prepared(files(namespace), '7');
  let asked = 0;
  hub.meanwhile('GET /repos/acme/shop/pulls/7', () => void asked++);
  hub.meanwhile('GET /repos/acme/shop/pulls/7', ({ pulls: [pull] }) => {
    if (pull !== undefined) pull.closed = true;
  });
  const ran = await step('deploy', tree, hub, { inputs: spawned(tree, '7', spawner) });
  expect([ran.codes, asked]).toEqual([['spawn-closed'], 1]);
  const left = await contents(client, namespace);
  expect([of(left, 'ConfigMap pr-7-settings').length, of(left, 'Deployment')]).toEqual([1, []]);
  const swept = await step('deploy', tree, hub, { inputs: { mode: 'sweep', kubeconfig: spawner } });
  expect([swept.messages, await contents(client, namespace)]).toEqual([[], []]);
});

it('a rollback of an instance is asked what a deploy is, and its hold keeps the instance from a sweep', async () => {
  const namespace = await fencedNamespace(client, 'rolled-back');
  const hub = await github({ pulls: [open(7)] });
  const tree = await prepared(files(namespace), '7');
  for (const release of ['1', '2']) {
    const deployed = await step('deploy', tree, hub, { inputs: spawned(tree, '7', spawner) });
    expect(deployed.outputs['release']).toBe(release);
    const verified = await step('verify', tree, hub, {
      inputs: { release, formation: 'preview', spawn: '7', kubeconfig: spawner, 'stable-for': '0s' },
    });
    expect(verified.messages).toEqual([]);
  }
  const {
    manifests: _,
    digest: __,
    ...inputs
  } = {
    ...spawned(tree, '7', spawner),
    ...{ mode: 'rollback', to: '1' },
  };
  const before = await contents(client, namespace);
  const event = (owner: string) => ({
    pull_request: { number: 7, head: { sha: 'c', repo: { full_name: `${owner}/shop` } } },
  });
  const cases = [
    ['spawn-of-fork', { pulls: [{ ...open(7), fork: 'mallory/shop' }] }, {}],
    ['spawn-closed', { pulls: [{ ...open(7), closed: true }] }, {}],
    ['spawn-fork', { pulls: [open(7)] }, { eventName: 'pull_request_target', event: event('mallory') }],
    ['spawn-event', { pulls: [open(7)] }, { eventName: 'pull_request_target', event: event('acme') }],
  ] as const;
  for (const [code, state, context] of cases) {
    const other = await github(state as unknown as Parameters<typeof github>[0]);
    const ran = await step('deploy', tree, other, { inputs, context });
    expect([ran.codes, code]).toEqual([[code], code]);
  }
  const range = { apiVersion: 'v1', kind: 'LimitRange', namespace, name: 'previews' };
  const live = await client.get(range);
  await client.delete(range);
  expect((await step('deploy', tree, hub, { inputs })).codes).toEqual(['spawn-unfenced']);
  const { apiVersion, kind, name } = range;
  await client.create({
    apiVersion,
    kind,
    metadata: { name, namespace },
    spec: live?.['spec'] as object,
  } as never);
  expect(await contents(client, namespace)).toEqual(before);
  const restored = await step('deploy', tree, hub, { inputs });
  expect([restored.messages, restored.outputs['release']]).toEqual([[], '3']);
  const [pull] = hub.state.pulls;
  if (pull !== undefined) pull.closed = true;
  const sweeping = { mode: 'sweep', kubeconfig: spawner };
  const swept = await step('deploy', tree, hub, { inputs: sweeping });
  expect([swept.messages, swept.outputs['changes']]).toEqual([[], '0']);
  expect(swept.log.join('\n')).toMatch(/preview-7 stays: pull request 7 is closed, and .*held by "ada"/);
  const lift = { mode: 'lift-hold', formation: 'preview', spawn: '7', kubeconfig: spawner };
  expect((await step('deploy', tree, hub, { inputs: lift })).messages).toEqual([]);
  const gone = await step('deploy', tree, hub, { inputs: sweeping });
  expect([gone.messages, await contents(client, namespace)]).toEqual([[], []]);
});

it('a push of a program is deployed and prolongs nothing, and one of a person does', async () => {
  const namespace = await fencedNamespace(client, 'prolonged');
  const hub = await github({ pulls: [open(7)] });
  const tree = await prepared(files(namespace), '7');
  const room = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace,
    name: 'slipway.shop.preview-7.room',
  };
  const expires = async (): Promise<string> => {
    const annotations = (await client.get(room))?.metadata['annotations'] as Record<string, string>;
    return String(JSON.parse(annotations['slipway.dev/room'] ?? '{}').expires);
  };
  const deploy = async (actor: string): Promise<string> => {
    const ran = await step('deploy', tree, hub, { inputs: spawned(tree, '7', spawner), context: { actor } });
    expect(ran.messages).toEqual([]);
    return await expires();
  };
  const first = await deploy('ada');
  await new Promise(done => setTimeout(done, 1_100));
  expect(await deploy('renovate[bot]')).toBe(first);
  expect((await deploy('ada')) > first).toBe(true);
});
