import { beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useTestbed } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { until } from '@slipway/testkit/cluster';
import { contents, fencedNamespace, files, open, prepared, spawned } from './support/instances.ts';
import { useSteps } from './support/use-steps.ts';

const testbed = useTestbed({ parts: ['cluster'] });
const client = useClient(() => testbed.cluster.kubeconfig);
const { github, step } = useSteps();
let spawner = '';

beforeAll(async () => {
  spawner = await testbed.cluster.userKubeconfig('spawner');
});

const roomOf = (namespace: string, key: string) => ({
  ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace },
  name: `slipway.shop.preview-${key}.room`,
});

/** Changes what a room says of itself. */
async function rewrite(namespace: string, key: string, changes: object): Promise<void> {
  const lease = (await client.get(roomOf(namespace, key))) as KubernetesObject;
  const annotations = lease.metadata['annotations'] as Record<string, string>;
  const said = { ...JSON.parse(annotations['slipway.dev/room'] ?? '{}'), ...changes };
  await client.patch(roomOf(namespace, key), {
    metadata: { annotations: { 'slipway.dev/room': JSON.stringify(said) } },
  });
}

async function instances(
  namespace: string,
  keys: readonly string[],
  hub: Awaited<ReturnType<typeof github>>,
) {
  for (const key of keys) {
    const tree = await prepared(files(namespace, 9), key);
    const ran = await step('deploy', tree, hub, { inputs: spawned(tree, key, spawner) });
    expect(ran.messages).toEqual([]);
  }
  return await prepared(files(namespace, 9), undefined);
}

const sweep = () => ({ mode: 'sweep', kubeconfig: spawner, 'lock-timeout': '90s' });
const keysIn = (all: readonly string[]): string[] =>
  [
    ...new Set(all.flatMap(text => /^Lease slipway\.shop\.preview-([^.]+)\.room /.exec(text)?.[1] ?? [])),
  ].sort();

describe('a sweep', () => {
  it('removes what is plainly over, and nothing else', async () => {
    const namespace = await fencedNamespace(client, 'swept');
    const hub = await github({ pulls: ['1', '2', '3', '4', '5', '6', '7'].map(key => open(Number(key))) });
    const base = await instances(namespace, ['1', '2', '3', '4', '5', '6'], hub);
    const before = await contents(client, namespace);
    const over = new Date(Date.now() - 60_000).toISOString();
    // 1 is closed, 2 expired, 3 is not there, 4 is closed in another repository, 5 is of another repository and expired, 6 is open.
    const [one, , , four] = hub.state.pulls;
    if (one !== undefined) one.closed = true;
    if (four !== undefined) Object.assign(four, { closed: true, repositoryId: 1 });
    hub.state.pulls.splice(2, 1);
    await rewrite(namespace, '2', { expires: over });
    await rewrite(namespace, '5', { expires: over, repository: 'other/shop', repositoryId: 99 });
    const swept = await step('deploy', base, hub, { inputs: sweep() });
    expect([swept.messages, swept.outputs['changes']]).toEqual([[], '2']);
    const after = await contents(client, namespace);
    expect(keysIn(after)).toEqual(['3', '4', '5', '6']);
    // What stays is untouched.
    expect(after.filter(text => !text.startsWith('Lease'))).toEqual(
      before.filter(text => !text.startsWith('Lease') && !/pr-[12]-|preview-[12][. ]/.test(text)),
    );
  });

  it.each([
    ['the token may not read pull requests', { tokens: new Map([['ghs_1', { login: 'x' }]]) }, []],
    ['GitHub fails', {}, Array.from({ length: 4 }, () => ({ status: 500 }))],
    ['the address leads elsewhere', {}, [{ status: 301, headers: { location: 'http://127.0.0.1:9/' } }]],
  ] as const)('removes nothing where %s', async (why, state, failures) => {
    const namespace = await fencedNamespace(
      client,
      `kept-${why
        .replace(/[^a-z]+/gi, '-')
        .toLowerCase()
        .slice(0, 20)}`,
    );
    const first = await github({ pulls: [open(1)] });
    const base = await instances(namespace, ['1'], first);
    const before = await contents(client, namespace);
    const hub = await github({ pulls: [{ ...open(1), closed: true }], ...(state as object) });
    hub.fail(...failures);
    const swept = await step('deploy', base, hub, { inputs: sweep() });
    expect([swept.messages, swept.outputs['changes']]).toEqual([[], '0']);
    expect(swept.log.join('\n')).toContain('could not be seen');
    expect(await contents(client, namespace)).toEqual(before);
  });

  it('names what it does not understand, is red, and removes the others', async () => {
    const namespace = await fencedNamespace(client, 'broken');
    const hub = await github({ pulls: [1, 2, 3].map(number => ({ ...open(number) })) });
    const base = await instances(namespace, ['1', '2', '3'], hub);
    for (const pull of hub.state.pulls) pull.closed = true;
    await client.patch(roomOf(namespace, '1'), { metadata: { annotations: { 'slipway.dev/room': '{' } } });
    await client.delete(roomOf(namespace, '2'));
    const swept = await step('deploy', base, hub, { inputs: sweep() });
    expect([swept.codes.toSorted(), swept.outputs['changes']]).toEqual([
      ['room-broken', 'spawn-room-missing'],
      '1',
    ]);
    const after = await contents(client, namespace);
    expect([
      keysIn(after),
      after.some(text => text.includes('pr-1-')),
      after.some(text => text.includes('pr-2-')),
    ]).toEqual([['1'], true, true]);
    expect(after.filter(text => text.includes('pr-3-'))).toEqual([]);
    const inputs = {
      mode: 'destroy',
      formation: 'preview',
      spawn: '2',
      confirm: 'shop/preview-2',
      kubeconfig: spawner,
    };
    expect((await step('deploy', base, hub, { inputs })).messages).toEqual([]);
    expect((await contents(client, namespace)).filter(text => /pr-2-|preview-2[. ]/.test(text))).toEqual([]);
  });

  it('refuses to remove more than five, and more than a third, unless that is confirmed', async () => {
    const namespace = await fencedNamespace(client, 'many');
    const keys = ['1', '2', '3', '4', '5', '6'];
    const hub = await github({ pulls: keys.map(key => open(Number(key))) });
    const base = await instances(namespace, keys, hub);
    const before = await contents(client, namespace);
    for (const pull of hub.state.pulls) pull.closed = true;
    const refused = await step('deploy', base, hub, { inputs: sweep() });
    expect([refused.codes, await contents(client, namespace)]).toEqual([['sweep-too-many'], before]);
    const swept = await step('deploy', base, hub, { inputs: { ...sweep(), confirm: 'shop/preview' } });
    expect([swept.messages, await contents(client, namespace)]).toEqual([[], []]);
  });

  it('sweeps the other formations where it refuses one, and shows what it removed', async () => {
    const namespace = await fencedNamespace(client, 'several');
    const keys = ['1', '2', '3', '4', '5', '6'];
    const hub = await github({ pulls: keys.map(key => ({ ...open(Number(key)), closed: true })) });
    const others = ['demo', 'zeta'];
    const given = files(namespace, 9);
    const formations = others.map(name => [
      `formations/${name}.yaml`,
      String(given['formations/preview.yaml'])
        .replace('name: preview', `name: ${name}`)
        .replace('name-prefix: pr-', `name-prefix: ${name}-`),
    ]);
    const base = await prepared({ ...given, ...Object.fromEntries(formations) }, undefined);
    const room = async (from: string, key: string): Promise<void> => {
      const said = {
        ...{ key, destination: 'dev', environment: from, repository: 'acme/shop', pull: Number(key) },
        ...{ repositoryId: 4711, expires: new Date(Date.now() + 3_600_000).toISOString() },
      };
      const labels = {
        'slipway.dev/application': 'shop',
        'slipway.dev/formation': `${from}-${key}`,
        'slipway.dev/spawned-from': from,
      };
      const annotations = { 'slipway.dev/room': JSON.stringify(said) };
      await client.create({
        ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
        metadata: { name: `slipway.shop.${from}-${key}.room`, namespace, labels, annotations },
      });
    };
    for (const key of keys) await room('preview', key);
    for (const from of others) await room(from, '1');
    const swept = await step('deploy', base, hub, { inputs: sweep() });
    expect([swept.codes, swept.outputs['changes']]).toEqual([['sweep-too-many'], '2']);
    for (const from of others) {
      expect(swept.log.join('\n')).toContain(`shop/${from}-1 was removed: pull request 1 is closed`);
      expect(swept.summary).toContain(`${from}-1`);
    }
    expect(keysIn(await contents(client, namespace))).toEqual(keys);
  });

  it('goes on where a finalizer keeps an object, which it names', async () => {
    const namespace = await fencedNamespace(client, 'finalized');
    const hub = await github({ pulls: [open(1), open(2)] });
    const base = await instances(namespace, ['1', '2'], hub);
    const service = { apiVersion: 'v1', kind: 'Service', namespace, name: 'pr-1-api' };
    await client.patch(service, { metadata: { finalizers: ['example.com/keep'] } });
    for (const pull of hub.state.pulls) pull.closed = true;
    const swept = await step('deploy', base, hub, { inputs: sweep() });
    expect([swept.codes, swept.messages.join()]).toEqual([
      ['object-stays'],
      expect.stringMatching(/shop\/preview-1: .*pr-1-api .*example\.com\/keep/),
    ]);
    expect(keysIn(await contents(client, namespace))).toEqual(['1']);
    await client.patch(service, { metadata: { finalizers: [] } });
    expect((await step('deploy', base, hub, { inputs: sweep() })).messages).toEqual([]);
    expect(await contents(client, namespace)).toEqual([]);
  });

  it('deletes volumes, and says so a day before', async () => {
    const namespace = await fencedNamespace(client, 'volumes');
    const hub = await github({ pulls: [open(7)] });
    const stencil = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: uploads }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: api
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: "${'${image.api}'}", resources: { limits: { memory: 64Mi } } }] }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;
    // No one provides volumes here, and a stage is over once its claims have theirs.
    for (const name of ['volume-1', 'volume-2', 'volume-3'])
      await client.create({
        ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } },
        spec: {
          ...{ accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
          hostPath: { path: `/volumes/${name}` },
        },
      });
    const given = { ...files(namespace), 'stencils/db.yaml': stencil };
    const tree = await prepared(given, '7');
    expect((await step('deploy', tree, hub, { inputs: spawned(tree, '7', spawner) })).messages).toEqual([]);
    const claims = async () =>
      (await contents(client, namespace)).filter(text => text.startsWith('Persistent'));
    await until(async () => (await claims()).length >= 2);
    // A claim of such a name that no set of the instance made.
    const other = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data-pr-7-db-9', namespace },
    };
    await client.create({
      ...other,
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    } as never);
    await rewrite(namespace, '7', { expires: new Date(Date.now() + 3_600_000).toISOString() });
    expect((await step('deploy', tree, hub, { inputs: sweep() })).outputs['changes']).toBe('0');
    expect(hub.state.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/data-pr-7-db-0<\/code>, <code>pr-7-uploads/),
    ]);
    await rewrite(namespace, '7', { expires: new Date(Date.now() - 1_000).toISOString() });
    expect((await step('deploy', tree, hub, { inputs: sweep() })).messages).toEqual([]);
    expect((await contents(client, namespace)).map(text => text.replace(/ \S+$/, ''))).toEqual([
      'PersistentVolumeClaim data-pr-7-db-9',
    ]);
    expect(hub.state.comments.map(({ body }) => body)).toEqual([expect.stringContaining('gone')]);
  });
});
