import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, type Release, silentLogger, valueAt } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace, until } from '@slipway/testkit/cluster';
import { deploy, type ReleaseChanges, requestFor } from '@slipway/testkit/releases';
import { closeRelease, planOf, prepareRelease, pruneAfterSuccess, rollBack } from '../src/index.ts';
import { clock, codesOf, never } from './fixture.ts';
import {
  type Autoscaler,
  defineScalable,
  hpa,
  numbersSince,
  type Running,
  referenceOf,
  SCALED,
  scaledObject,
  versionNow,
  within,
  workload,
} from './support/scalable.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

beforeAll(async () => {
  await defineScalable(client);
});

const release = async (running: Running, objects: readonly JsonObject[], changes: ReleaseChanges = {}) =>
  (await deploy(client, requestFor(running.namespace, objects, { prune: 'now', ...changes }))).release;

/** What a plan says about the workload, and which of its fields change. */
async function planned({ namespace }: Running, objects: readonly JsonObject[], changes: ReleaseChanges = {}) {
  const request = requestFor(namespace, objects, { prune: 'now', ...changes });
  const { changes: found } = planOf(await prepareRelease({ client, request }));
  const change = found.find(({ object }) => object.name === 'api' && object.kind === objects[0]?.['kind']);
  return { action: change?.action, fields: change?.fields ?? [], note: change?.note ?? '' };
}

const numberOf = async (running: Running): Promise<unknown> =>
  valueAt((await client.get(referenceOf(running))) ?? {}, pathOf(running));

const pathOf = ({ kind }: Running): string[] =>
  kind === 'Herd' ? ['spec', 'herd', 'size'] : ['spec', 'replicas'];

/** Sets the number by the subresource that autoscalers use, as a manager. */
async function scale(running: Running, number: number, manager = 'kube-controller-manager'): Promise<void> {
  const resource = { Fleet: 'fleets.replicas.example', Herd: 'herds.replicas.example' } as const;
  const { kind, namespace } = running;
  const plural = kind === 'Fleet' || kind === 'Herd' ? resource[kind] : kind.toLowerCase();
  const patch = JSON.stringify({ spec: { replicas: number } });
  const how = ['--subresource=scale', '--type=merge', `--field-manager=${manager}`, '-p', patch];
  await promisify(execFile)(cluster.kubectl ?? '', ['patch', plural, 'api', '-n', namespace, ...how], {
    env: { KUBECONFIG: cluster.kubeconfig, HOME: '/nowhere' },
  });
}

async function remove(running: Running, autoscaler: Autoscaler): Promise<void> {
  const { apiVersion, kind } = autoscaler(running.kind) as unknown as KubernetesObject;
  await client.delete({ apiVersion, kind, namespace: running.namespace, name: 'api' });
}

const undoing = (failed: Release) => ({
  ...{ client, clock, signal: never, logger: silentLogger, release: failed, repository: 'acme/shop' },
  ...{ actor: 'someone', run: 'https://github.example/run/2', reason: 'test' },
  ...{ lockTimeout: 5_000, timeout: 20_000 },
});

const AFTER_SUCCESS: ReleaseChanges = { prune: 'after-success' };

const succeed = (record: Release) => closeRelease(client, record, 'succeeded', clock);

describe.each(SCALED)('a %s that %s scaled', (kind, name, autoscaler) => {
  const prefix = `${kind}-${name.includes('KEDA') ? 'keda' : 'hpa'}-left`.toLowerCase();
  const running = async (test: string): Promise<Running> => ({
    kind,
    namespace: await createNamespace(client, `${prefix}-${test}`),
  });

  it('keeps its replicas when the autoscaler leaves with a release that says no number', async () => {
    const live = await running('with');
    await release(live, [workload(kind, 5)]);
    await release(live, [workload(kind), autoscaler(kind)]);
    const since = await versionNow(client, live);
    const { fields, note } = await planned(live, [workload(kind)]);
    expect(fields).toEqual([]);
    expect(note).toMatch(/^stays at 5 replicas: the manifest says no number, and .* is leaving$/);
    await release(live, [workload(kind)]);
    await release(live, [workload(kind, undefined, { minReadySeconds: 1 })]);
    expect(await numbersSince(client, live, since)).toEqual([5]);
  });

  it('keeps its replicas when someone removes the autoscaler, and the manifest says no number', async () => {
    const live = await running('by-hand');
    await release(live, [workload(kind, 5)]);
    await release(live, [workload(kind), autoscaler(kind)]);
    await remove(live, autoscaler);
    const since = await versionNow(client, live);
    const { fields, note } = await planned(live, [workload(kind)]);
    expect(fields).toEqual([]);
    expect(note).toBe('stays at 5 replicas: the manifest says no number, and no autoscaler sets one');
    await release(live, [workload(kind)]);
    await release(live, [workload(kind, undefined, { minReadySeconds: 1 })]);
    expect(await numbersSince(client, live, since)).toEqual([5]);
  });

  it('gets the number that comes with the release in which the autoscaler leaves', async () => {
    const live = await running('number');
    await release(live, [workload(kind, 1), autoscaler(kind)]);
    await scale(live, 5);
    const { action, fields, note } = await planned(live, [workload(kind, 3)]);
    expect(action).toBe('change');
    expect(fields).toEqual([{ pointer: `/${pathOf(live).join('/')}`, before: 5, after: 3 }]);
    expect(note).toMatch(/\/api may change the replicas again until it is deleted$/);
    await release(live, [workload(kind, 3)]);
    expect(await numberOf(live)).toBe(3);
    expect(await planned(live, [workload(kind, 3)])).toMatchObject({ action: 'unchanged', note: '' });
  });

  it('has the number of its manifest once the autoscaler is pruned that changed it until then', async () => {
    const live = await running('pruned');
    await succeed(await release(live, [workload(kind, 1), autoscaler(kind)], AFTER_SUCCESS));
    const leaving = await release(live, [workload(kind, 3)], AFTER_SUCCESS);
    await scale(live, 6);
    const said: string[] = [];
    const logger = { ...silentLogger, info: (line: string) => void said.push(line) };
    await pruneAfterSuccess({ ...undoing(await succeed(leaving)), logger, holder: 'a test', timeout: 5_000 });
    expect(await numberOf(live)).toBe(3);
    expect(said).toContain(
      `${kind} ${live.namespace}/api has 3 replicas again, as in its manifest: an autoscaler had set 6 before it was removed`,
    );
    expect(await planned(live, [workload(kind, 3)])).toMatchObject({ action: 'unchanged', note: '' });
    expect((await release(live, [workload(kind, 4)])).objects).toMatchObject([{ written: true }]);
    expect(await numberOf(live)).toBe(4);
  });

  it('keeps the last number of an autoscaler that is pruned if its manifest says none', async () => {
    const live = await running('pruned-open');
    await succeed(await release(live, [workload(kind, 1), autoscaler(kind)], AFTER_SUCCESS));
    const leaving = await release(live, [workload(kind)], AFTER_SUCCESS);
    await scale(live, 6);
    await pruneAfterSuccess({ ...undoing(await succeed(leaving)), holder: 'a test', timeout: 5_000 });
    expect(await numberOf(live)).toBe(6);
  });

  it('gets its number back from a rollback that removes the autoscaler, and from the one after', async () => {
    const live = await running('undone');
    await succeed(await release(live, [workload(kind, 3)]));
    const failed = await release(live, [workload(kind), autoscaler(kind)], { prune: 'after-success' });
    await scale(live, 5);
    const restored = await rollBack(undoing(failed));
    expect(await numberOf(live)).toBe(3);
    // So it was left by a rollback that kept the autoscaler's number.
    await scale(live, 6);
    if (restored !== undefined) await rollBack(undoing(restored));
    expect(await numberOf(live)).toBe(3);
  });
});

describe('the replicas of a workload', () => {
  const running = async (name: string): Promise<Running> => ({
    kind: 'Deployment',
    namespace: await createNamespace(client, `departed-${name}`),
  });
  const alone = (replicas?: number): JsonObject[] => [workload('Deployment', replicas)];
  const scaled = (replicas?: number): JsonObject[] => [workload('Deployment', replicas), hpa('Deployment')];

  it('are what the manifest says after the autoscaler of the cluster has set them and is gone', async () => {
    const live = await running('real');
    const object = hpa('Deployment');
    const autoscaler = { ...object, spec: { ...(object['spec'] as JsonObject), minReplicas: 4 } };
    await release(live, [workload('Deployment', 1), autoscaler]);
    await until(async () => (await numberOf(live)) === 4);
    await release(live, alone(2));
    // It may have set them once more before it was deleted.
    await release(live, alone(2));
    expect(await numberOf(live)).toBe(2);
  });

  it('are not written over what someone set by hand when an autoscaler is pruned', async () => {
    const live = await running('pruned-by-hand');
    await succeed(await release(live, scaled(1), AFTER_SUCCESS));
    const leaving = await release(live, alone(3), AFTER_SUCCESS);
    await scale(live, 6, 'kubectl');
    await pruneAfterSuccess({ ...undoing(await succeed(leaving)), holder: 'a test', timeout: 5_000 });
    expect(await numberOf(live)).toBe(6);
  });

  it('are written again by a rollback whose autoscaler set them until it was removed', async () => {
    const live = await running('raced-back');
    await succeed(await release(live, alone(3)));
    const failed = await release(live, scaled(), AFTER_SUCCESS);
    const meanwhile: ClusterClient = {
      ...client,
      within: () => meanwhile,
      async delete(reference, options) {
        if (reference.kind === 'HorizontalPodAutoscaler') await scale(live, 7);
        await client.delete(reference, options);
      },
    };
    await rollBack({ ...undoing(failed), client: meanwhile });
    expect(await numberOf(live)).toBe(3);
  });

  it('are left to an autoscaler that is no longer in the release, but not deleted', async () => {
    const live = await running('kept');
    await release(live, scaled(1), { prune: 'off' });
    await scale(live, 5);
    const { action, note } = await planned(live, alone(3), { prune: 'off' });
    expect(action).toBe('unchanged');
    expect(note).toBe(
      'stays at 5 replicas: HorizontalPodAutoscaler departed-kept/api left the release, but is not deleted and still sets the replicas',
    );
  });

  it('are what the manifest says when the ScaledObject leaves of which KEDA made the autoscaler', async () => {
    const live = await running('made-by-keda');
    await release(live, [workload('Deployment', 1), scaledObject('Deployment')]);
    const reference: ObjectReference = {
      ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
      ...{ namespace: live.namespace, name: 'api' },
    };
    const owner = await client.get(reference);
    const own = within(live.namespace, hpa('Deployment'));
    const uid = owner?.metadata['uid'];
    const ownerReferences = [
      { apiVersion: reference.apiVersion, kind: reference.kind, name: 'api', uid: String(uid) },
    ];
    await client.create({ ...own, metadata: { ...own.metadata, name: 'keda-hpa-api', ownerReferences } });
    await scale(live, 5);
    await release(live, alone(3));
    expect(await numberOf(live)).toBe(3);
  });

  it('belong to whoever scales by hand, who is named', async () => {
    const live = await running('hand');
    await release(live, alone(3));
    await scale(live, 5, 'kubectl');
    expect(await codesOf(release(live, alone(3)))).toEqual(['cluster-field-conflict']);
    expect(await numberOf(live)).toBe(5);
  });

  it('fall to the default of the server when a number is dropped that no autoscaler ever set', async () => {
    const live = await running('dropped');
    await release(live, alone(3));
    const { fields } = await planned(live, alone());
    expect(fields).toEqual([{ pointer: '/spec/replicas', before: 3, after: 1 }]);
    await release(live, alone());
    expect(await planned(live, alone())).toMatchObject({ action: 'unchanged', note: '' });
  });

  it('stay when a rollback restores a release that says no number', async () => {
    const live = await running('restored');
    await succeed(await release(live, alone()));
    await scale(live, 5);
    const failed = await release(live, alone(5));
    await rollBack(undoing(failed));
    expect(await numberOf(live)).toBe(5);
  });

  it('are written over what an autoscaler set between the comparison and the write', async () => {
    const live = await running('raced');
    await release(live, scaled(1));
    await scale(live, 5);
    let isScaled = false;
    const meanwhile: ClusterClient = {
      ...client,
      within: () => meanwhile,
      async apply(object, options) {
        if (options.dryRun !== true && object.kind === 'Deployment' && !isScaled) {
          isScaled = true;
          await scale(live, 6);
        }
        return await client.apply(object, options);
      },
    };
    await deploy(meanwhile, requestFor(live.namespace, alone(3), { prune: 'now' }));
    expect([isScaled, await numberOf(live)]).toEqual([true, 3]);
  });
});
