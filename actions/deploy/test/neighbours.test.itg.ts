import { describe, expect, it } from '@jest/globals';
import { applySetId, listReleases } from '@slipway/release';
import type { StepResult } from '@slipway/testbed/runner';
import { useOpenCluster } from './cluster.ts';
import { errorsOf } from './fixture.ts';
import { configMap } from './kill-points.ts';
import { type PlainStep, runPlain } from './plain-step.ts';

const cluster = useOpenCluster();

const createNamespace = (name: string) =>
  cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

type Step = Pick<PlainStep, 'objects' | 'inputs' | 'job'>;

const run = (namespace: string, step: Step): Promise<StepResult> =>
  runPlain({ directory: cluster.testbed.directory, kubeconfig: cluster.kubeconfig, namespace, ...step });

const namesIn = async (namespace: string): Promise<string[]> => {
  const { items } = await cluster.client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace });
  return items.map(({ metadata }) => metadata.name).filter(name => name !== 'kube-root-ca.crt');
};

const releasesOf = (namespace: string, formation = 'live') =>
  listReleases(cluster.client, { application: 'shop', formation, namespace });

const secret = (namespace: string, name: string) => ({ apiVersion: 'v1', kind: 'Secret', namespace, name });

describe('two runs at once', () => {
  it('on one formation come one after the other, and the later is whole', async () => {
    await createNamespace('race');
    const results = await Promise.all(
      ['1', '2'].map(v => run('race', { objects: [configMap('a', v), configMap(`only-${v}`, v)] })),
    );
    expect(results.flatMap(errorsOf)).toEqual([]);
    const last = results.findIndex(({ outputs }) => outputs['release'] === '2') + 1;
    expect(results.map(({ outputs }) => outputs['release']).sort()).toEqual(['1', '2']);
    const a = await cluster.client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'race', name: 'a' });
    expect(a?.['data']).toEqual({ v: String(last) });
    expect((await releasesOf('race')).map(({ verdict }) => verdict)).toEqual([undefined, 'succeeded']);
  });
});

describe('in one namespace', () => {
  it('two formations live beside each other, and one goes without the other', async () => {
    await createNamespace('shared');
    for (const formation of ['red', 'blue'])
      expect(
        errorsOf(await run('shared', { objects: [configMap(formation, '1')], inputs: { formation } })),
      ).toEqual([]);
    const taken = await run('shared', { objects: [configMap('red', '2')], inputs: { formation: 'blue' } });
    expect(errorsOf(taken)).toEqual([expect.stringMatching(/ConfigMap shared\/red belongs to another set/)]);
    const gone = await run('shared', {
      inputs: { mode: 'destroy', formation: 'red', confirm: 'shop/red' },
    });
    expect(errorsOf(gone)).toEqual([]);
    expect(await namesIn('shared')).toEqual(['blue']);
    expect(await releasesOf('shared', 'blue')).toHaveLength(1);
  });

  it('another repository cannot deploy, undo, hold or destroy a formation of the same name', async () => {
    await createNamespace('claimed');
    expect(errorsOf(await run('claimed', { objects: [configMap('a', '1')] }))).toEqual([]);
    const stranger = { repository: 'evil/shop' };
    const attempts: readonly Step[] = [
      { objects: [configMap('b', '1')], job: stranger },
      { inputs: { mode: 'rollback', to: '1' }, job: stranger },
      { inputs: { mode: 'hold', reason: 'theirs' }, job: stranger },
      { inputs: { mode: 'destroy', confirm: 'shop/live' }, job: stranger },
    ];
    for (const attempt of attempts)
      expect(errorsOf(await run('claimed', attempt))).toEqual([
        expect.stringMatching(/shop\/live in namespace "claimed" belongs to the repository "acme\/shop"/),
      ]);
    expect(await namesIn('claimed')).toEqual(['a']);
    expect(await releasesOf('claimed')).toHaveLength(1);
    const leases = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'claimed' };
    const names = (await cluster.client.list(leases)).items.map(({ metadata }) => metadata.name);
    expect(names).not.toContain('slipway.shop.live.hold');
    expect(errorsOf(await run('claimed', { inputs: { mode: 'hold', reason: 'ours' } }))).toEqual([]);
    const lifted = await run('claimed', { inputs: { mode: 'lift-hold' }, job: stranger });
    expect(lifted.outputs['error']).toBe('object-foreign');
  });
});

describe('whoever may edit the namespace', () => {
  const part = 'applyset.kubernetes.io/part-of';
  const parent = (namespace: string) => secret(namespace, 'slipway.shop.live');

  it('has nothing removed by labels and inventory that name what was never deployed', async () => {
    await createNamespace('labels');
    expect(
      errorsOf(await run('labels', { objects: [configMap('a', '1'), configMap('leaves', '1')] })),
    ).toEqual([]);
    const labels = { [part]: applySetId({ application: 'shop', formation: 'live' }, 'labels') };
    await cluster.client.create({
      ...configMap('victim', '1'),
      metadata: { name: 'victim', namespace: 'labels', labels },
    });
    await cluster.client.patch(parent('labels'), {
      metadata: {
        annotations: {
          'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap,Namespace,Secret',
          'applyset.kubernetes.io/additional-namespaces': 'kube-system',
        },
      },
    });
    const result = await run('labels', { objects: [configMap('a', '2')], inputs: { prune: 'now' } });
    expect(errorsOf(result)).toEqual([]);
    expect(await namesIn('labels')).toEqual(['a', 'victim']);
    const repaired = await cluster.client.get(parent('labels'));
    expect(repaired?.metadata['annotations']).toMatchObject({
      'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap',
    });
    expect(JSON.stringify(repaired)).not.toContain('kube-system');
  });

  it('gets a parent that was removed and a label that was taken away back, and nothing doubled', async () => {
    await createNamespace('removed');
    const objects = [configMap('a', '1')];
    expect(errorsOf(await run('removed', { objects }))).toEqual([]);
    await cluster.client.delete(parent('removed'));
    const a = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'removed', name: 'a' };
    await cluster.client.patch(a, { metadata: { labels: { [part]: null } } });
    expect(errorsOf(await run('removed', { objects }))).toEqual([]);
    expect(await cluster.client.get(parent('removed'))).toBeDefined();
    const labels = (await cluster.client.get(a))?.metadata['labels'];
    expect(labels).toEqual({ [part]: applySetId({ application: 'shop', formation: 'live' }, 'removed') });
  });

  it('who spoils the newest record stops the next release with what to do, and loses nothing', async () => {
    await createNamespace('spoilt');
    expect(errorsOf(await run('spoilt', { objects: [configMap('a', '1')] }))).toEqual([]);
    const record = secret('spoilt', 'slipway.shop.live.1');
    await cluster.client.patch(record, { data: { release: Buffer.from('nonsense').toString('base64') } });
    const result = await run('spoilt', { objects: [configMap('b', '1')] });
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/kubectl .*delete secret .*slipway\.shop\.live\.1/),
    ]);
    expect(await namesIn('spoilt')).toEqual(['a']);
  });
});
