import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { JsonObject, Release } from '@slipway/core';
import { type KubernetesObject, keyOf, numberAt, objectAt, referenceTo } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { autoscaler, configMap, job, ordered, service } from '@slipway/testkit/objects';
import { requestFor } from '@slipway/testkit/releases';
import {
  closeStepped,
  commitRefusal,
  liveRelease,
  planOf,
  prepareRelease,
  readRelease,
} from '../src/index.ts';
import { clock, codesOf } from './fixture.ts';
import {
  aim,
  undo as carryUndo,
  contextOf,
  deployInSteps,
  HOME as home,
  reach,
  readDeployment,
  STRATEGY,
  see,
  serveFirst,
  UNDOING as undoing,
  until,
  untilReady,
  writtenIn,
} from './support/in-steps.ts';
import { first, second } from './support/two-versions.ts';

const cluster = useCluster({ nodes: 2 });

const client = useClient(() => cluster.kubeconfig);

const TRACK = 'slipway.dev/track';

async function selectorOf(namespace: string, name: string): Promise<unknown> {
  const live = await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  return live && objectAt(live, 'spec', 'selector');
}

async function openIn(
  name: string,
  next = second(),
): Promise<{ readonly release: Release; readonly before: Awaited<ReturnType<typeof writtenIn>> }> {
  const namespace = await createNamespace(client, name);
  await serveFirst(client, namespace, first());
  const before = await writtenIn(client, namespace);
  return { release: await deployInSteps(client, namespace, next), before };
}

const uidAndGeneration = (live: KubernetesObject | undefined) => [
  live?.metadata['uid'],
  live?.metadata['generation'],
];
describe('a release in steps', () => {
  it('is an ordinary one at first, and while its pods lack the label of stable', async () => {
    const namespace = await createNamespace(client, 'steps-first');
    const release = await serveFirst(client, namespace, first());
    expect(release.steps).toBeUndefined();
    const live = await readDeployment(client, namespace, 'api');
    expect(objectAt(live ?? {}, 'spec', 'template', 'metadata', 'labels')).toMatchObject({
      [TRACK]: 'stable',
    });
    expect(objectAt(live ?? {}, 'spec', 'selector')).toEqual({ matchLabels: { app: 'api' } });
  });

  it('is not refused for a Service that a controller writes while the server is asked', async () => {
    const namespace = await createNamespace(client, 'steps-written-by-others');
    await serveFirst(client, namespace, first());
    const written = new Set<string>();
    const beside: ClusterClient = {
      ...client,
      async apply(object, options) {
        const key = keyOf(object);
        const isAsked =
          options.dryRun === true && object.kind === 'Service' && 'resourceVersion' in object.metadata;
        if (isAsked && !written.has(key)) {
          written.add(key);
          await client.patch(referenceTo(object), { metadata: { annotations: { seen: 'yes' } } });
        }
        return await client.apply(object, options);
      },
    };
    const request = requestFor(namespace, second() as never, { strategy: STRATEGY });
    const { problems } = await prepareRelease({ client: beside, request });
    expect(problems).toEqual([]);
    expect(written.size).toBeGreaterThan(0);
  });

  it('begins with the copies, and stable does not notice it', async () => {
    const namespace = await createNamespace(client, 'steps-begin');
    await serveFirst(client, namespace, first());
    const stable = uidAndGeneration(await readDeployment(client, namespace, 'api'));
    const release = await deployInSteps(client, namespace, second());
    expect(release.steps).toMatchObject({
      phase: 'starting',
      target: { at: 0, selector: 'stable', sizes: { api: 2 } },
      stable: { release: 1, workloads: [{ name: 'api' }] },
      times: { brought: expect.any(String) },
    });
    expect(uidAndGeneration(await readDeployment(client, namespace, 'api'))).toEqual(stable);
    expect(await selectorOf(namespace, 'api')).toEqual({ app: 'api', [TRACK]: 'stable' });
    expect(await selectorOf(namespace, 'api-admin')).toEqual({ app: 'api', [TRACK]: 'stable' });
    expect(await selectorOf(namespace, 'api-next')).toEqual({ app: 'api', [TRACK]: 'next' });
    const copies = release.objects.filter(({ copyOf }) => copyOf !== undefined);
    expect(copies.map(({ kind, name, uid, toWrite }) => [kind, name, typeof uid, toWrite])).toEqual(
      expect.arrayContaining([
        ['Service', 'api-next', 'string', undefined],
        ['Service', 'api-admin-next', 'string', undefined],
        ['PodDisruptionBudget', 'api-next', 'string', undefined],
        ['Deployment', 'api-next', 'string', undefined],
      ]),
    );
    const written = await writtenIn(client, namespace);
    expect(written['ServiceAccount api']).toBeDefined();
    expect(written['ConfigMap flags']).toMatchObject({ data: { a: '1' } });
    expect(written['Service api']).toMatchObject({ spec: { ports: [{ port: 80 }] } });
    await untilReady(client, namespace, 'api-next');
    await until(async () => (await see(client, release)).areCopiesSentTo);
    expect(await see(client, release)).toMatchObject({
      ...{ areCopiesSized: true, selector: 'stable', stableServes: true, stableSizes: { api: 2 } },
      ...{ lastHalf: 'to-write', held: 'narrowed', isFirstHalfTakenBack: false },
    });
    expect((await see(client, release)).foreign).toBeUndefined();
  });

  it('sends users to both, to the copy, and back', async () => {
    const { release } = await openIn('steps-traffic');
    const { namespace } = release;
    for (const [at, selector, expected] of [
      [1, 'both', { app: 'api' }],
      [2, 'next', { app: 'api', [TRACK]: 'next' }],
      [2, 'stable', { app: 'api', [TRACK]: 'stable' }],
    ] as const) {
      await reach(client, await aim(client, release, { target: { at, selector } }), 'traffic');
      expect(await selectorOf(namespace, 'api')).toEqual(expected);
      expect(await selectorOf(namespace, 'api-admin')).toEqual(expected);
      expect((await see(client, release)).selector).toBe(selector);
    }
    expect((await see(client, release)).foreign).toBeUndefined();
  });

  it('that is undone before its commit leaves all as it was', async () => {
    const { release, before } = await openIn('steps-undo');
    await reach(client, await aim(client, release, { target: { at: 1, selector: 'both' } }), 'traffic');
    const undone = await carryUndo(client, release);
    expect(await writtenIn(client, release.namespace)).toEqual(before);
    expect(await see(client, undone)).toMatchObject({
      ...{ areCopiesSized: true, held: 'as-stable', isFirstHalfTakenBack: true },
    });
    const closed = await closeStepped(client, undone, 'rolled-back', clock);
    expect(closed.steps?.phase).toBeUndefined();
    expect(closed.objects.filter(({ copyOf }) => copyOf !== undefined)).toEqual([]);
  });

  it('can be followed by another one, against the same stable', async () => {
    const { release } = await openIn('steps-again');
    await closeStepped(client, await carryUndo(client, release), 'rolled-back', clock);
    const next = await deployInSteps(client, release.namespace, second());
    expect(next.steps?.stable.release).toBe(1);
    expect(next.objects.find(({ kind }) => kind === 'Job')).toMatchObject({ written: false });
  });

  it('that is committed is as its manifests say, without a copy', async () => {
    const { release } = await openIn('steps-commit');
    const { namespace } = release;
    await untilReady(client, namespace, 'api-next');
    await reach(client, await aim(client, release, { target: { at: 1, selector: 'both' } }), 'traffic');
    expect(await commitRefusal(await contextOf(client, release))).toBeUndefined();
    const began = await aim(client, release, {
      ...{ phase: 'committing', times: { 'commit-began': clock().toISOString() } },
      target: { selector: 'stable' },
    });
    await reach(client, began, 'traffic');
    let now = await reach(client, began, 'last-half');
    expect((await see(client, now)).lastHalf).toBe('written');
    expect(await selectorOf(namespace, 'api')).toEqual({ app: 'api', [TRACK]: 'stable' });
    await untilReady(client, namespace, 'api');
    now = await aim(client, now, { target: home });
    for (const part of ['home', 'held'] as const) now = await reach(client, now, part);
    expect(await see(client, now)).toMatchObject({
      areCopiesSized: true,
      held: 'as-released',
      lastHalf: 'written',
    });
    const written = await writtenIn(client, namespace);
    expect(Object.keys(written).filter(name => name.includes('-next'))).toEqual([]);
    expect(written['ConfigMap flags']).toMatchObject({ data: { a: '2' } });
    expect(written['Service api']).toMatchObject({
      spec: { selector: { app: 'api' }, ports: [{ name: 'http' }, { name: 'admin' }] },
    });
    expect(written['PodDisruptionBudget api']).toMatchObject({
      spec: { selector: { matchLabels: { app: 'api' } } },
    });
    expect(written['Deployment api']).toMatchObject({
      spec: { template: { spec: { containers: [{ image: 'api:2' }] } } },
    });
    const closed = await closeStepped(client, now, 'succeeded', clock);
    expect(closed).toMatchObject({ verdict: 'succeeded', applied: expect.any(String) });
    expect(closed.objects.filter(({ toWrite }) => toWrite === true)).toEqual([]);
    const later = await prepareRelease({
      client,
      request: requestFor(namespace, second() as never, { strategy: STRATEGY }),
    });
    expect(later.problems).toEqual([]);
    expect(
      later.objects
        .filter(({ action }) => action !== 'unchanged' && action !== 'skip')
        .map(({ object }) => object.kind),
    ).toEqual([]);
    expect(later.steps?.leftOut.map(({ reason }) => reason)).toEqual(['none of its pods restarts']);
  });

  it('that is undone after its commit began leaves all as it was, and what serves is the release before', async () => {
    const { release, before } = await openIn('steps-rollback');
    const { namespace } = release;
    await untilReady(client, namespace, 'api-next');
    const began = await aim(client, release, {
      ...{ phase: 'committing', times: { 'commit-began': clock().toISOString() } },
      target: { at: 2, selector: 'next' },
    });
    await reach(client, began, 'traffic');
    const committed = await reach(client, began, 'last-half');
    await untilReady(client, namespace, 'api');
    const undone = await carryUndo(client, committed);
    expect(await writtenIn(client, namespace)).toEqual(before);
    const closed = await closeStepped(client, undone, 'rolled-back', clock);
    expect(liveRelease([closed, await readRelease(client, closed, 1)])?.number).toBe(1);
    expect((await deployInSteps(client, namespace, second())).steps?.stable.release).toBe(1);
  });

  it('whose migration fails is undone at once', async () => {
    const namespace = await createNamespace(client, 'steps-migration');
    await serveFirst(client, namespace, first());
    const before = await writtenIn(client, namespace);
    const failing = second().map(object =>
      object.kind === 'Job' ? ordered(job('migrate', { behaviour: 'crash-loop' }), '-1') : object,
    );
    expect(await codesOf(deployInSteps(client, namespace, failing))).toEqual(['stage-failed']);
    expect(await writtenIn(client, namespace)).toEqual(before);
    const release = await readRelease(client, { application: 'shop', formation: 'staging', namespace }, 2);
    expect(release).toMatchObject({ verdict: 'rolled-back', stopped: expect.stringContaining('migrate') });
  });
});

describe('a plan while a release is open', () => {
  const changesIn = async (namespace: string, objects: readonly KubernetesObject[]) => {
    const request = requestFor(namespace, objects as never, { strategy: STRATEGY, forceConflicts: true });
    const { changes } = planOf(await prepareRelease({ client, request }));
    return changes
      .filter(({ object: { kind }, action }) => action === 'change' && kind !== 'Deployment')
      .map(({ object: { kind, name }, fields = [] }) => ({
        object: `${kind} ${name}`,
        fields: fields.filter(({ pointer }) => pointer.includes('selector')),
      }));
  };

  it('takes the selectors that Slipway narrowed for what they are, and those of others for changes', async () => {
    const { release } = await openIn('steps-plan-open');
    const { namespace } = release;
    expect(await selectorOf(namespace, 'api')).toEqual({ app: 'api', [TRACK]: 'stable' });
    const planned = await changesIn(namespace, second());
    expect(planned.flatMap(({ fields }) => fields)).toEqual([]);
    expect(planned.map(({ object }) => object)).not.toContain('PodDisruptionBudget api');
    const spec = { selector: { app: 'api', [TRACK]: 'next' } };
    await client.patch({ apiVersion: 'v1', kind: 'Service', namespace, name: 'api' }, { spec });
    const byOthers = (await changesIn(namespace, first())).flatMap(({ fields }) => fields);
    expect(byOthers.map(({ before, after }) => [before, after])).toEqual([['next', undefined]]);
  });
});

describe('what someone else does to an open release is seen:', () => {
  const patched =
    (kind: string, apiVersion: string, name: string, spec: JsonObject) => async (namespace: string) =>
      await client.patch({ apiVersion, kind, namespace, name }, { spec });
  it.each<readonly [string, string, (namespace: string) => Promise<unknown>, RegExp, boolean]>([
    [
      'a change of the selector',
      'selector',
      patched('Service', 'v1', 'api', { selector: { app: 'api', [TRACK]: 'next' } }),
      /changed \/spec\/selector of Service api$/,
      true,
    ],
    [
      'a change of the copy',
      'copy',
      patched('Deployment', 'apps/v1', 'api-next', { replicas: 5 }),
      /changed \/spec\/replicas of Deployment api-next$/,
      true,
    ],
    [
      'a change of stable',
      'stable',
      patched('Deployment', 'apps/v1', 'api', { template: { metadata: { annotations: { x: 'y' } } } }),
      /^someone changed the pods of Deployment api, which serves$/,
      false,
    ],
    [
      'a Service that was removed',
      'removed',
      namespace => client.delete({ apiVersion: 'v1', kind: 'Service', namespace, name: 'api' }),
      /^someone removed Service api$/,
      false,
    ],
    [
      'a copy that was removed',
      'removed-copy',
      namespace => client.delete({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api-next' }),
      /^someone removed Deployment api-next$/,
      true,
    ],
  ])('%s', async (_what, name, edit, sentence, canBeTakenBack) => {
    const { release } = await openIn(`steps-edit-${name}`);
    await edit(release.namespace);
    const { foreign } = await see(client, release);
    expect(foreign?.what).toMatch(sentence);
    expect(foreign?.canBeTakenBack).toBe(canBeTakenBack);
  });

  it('the way home takes back a selector that sends to the copy, and nothing else of it', async () => {
    const { release } = await openIn('steps-edit-home');
    const { namespace } = release;
    const spec = {
      selector: { app: 'api', [TRACK]: 'next' },
      ports: [{ port: 8080 }],
      sessionAffinity: 'ClientIP',
    };
    await client.patch({ apiVersion: 'v1', kind: 'Service', namespace, name: 'api' }, { spec });
    expect(await codesOf(reach(client, release, 'traffic'))).toEqual(['cluster-field-conflict']);
    await reach(client, await aim(client, release, { ...undoing, target: home }), 'home');
    expect(await selectorOf(namespace, 'api')).toEqual({ app: 'api', [TRACK]: 'stable' });
    const live = await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name: 'api' });
    expect(live?.['spec']).toMatchObject({ sessionAffinity: 'ClientIP' });
    expect(await readDeployment(client, namespace, 'api-next')).toBeUndefined();
  });
});

describe('a release in steps is refused', () => {
  const problemsOf = async (namespace: string, objects: readonly KubernetesObject[]) => {
    const request = requestFor(namespace, objects as never, { strategy: STRATEGY });
    return (await prepareRelease({ client, request })).problems.map(
      ({ code, message }) => `${code}: ${message}`,
    );
  };

  it('beside a stable that is not as it was written, or has no Ready pod', async () => {
    const namespace = await createNamespace(client, 'steps-intact');
    await serveFirst(client, namespace, first());
    const containers = [{ name: 'main', image: 'api:hotfix' }];
    const reference = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' };
    await client.patch(reference, { spec: { template: { spec: { containers } } } });
    expect(await problemsOf(namespace, second())).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^stable-not-intact: .* changed .* of Deployment api since release 1/),
      ]),
    );
  });

  it('by no other Service that selects the copy, which is told', async () => {
    const namespace = await createNamespace(client, 'steps-others');
    await serveFirst(client, namespace, first());
    await client.create({ ...service('theirs', 'api'), metadata: { name: 'theirs', namespace } });
    const request = requestFor(namespace, second() as never, { strategy: STRATEGY });
    const { steps, problems } = await prepareRelease({ client, request });
    expect(problems).toEqual([]);
    expect(steps?.otherSenders.map(({ message }) => message)).toEqual([
      'Service theirs of another owner selects the pods of Deployment api-next, and sends to them from the first Ready one on',
    ]);
  });

  it('with a content under a fixed name that a copy uses', async () => {
    const namespace = await createNamespace(client, 'steps-content');
    const fixed = (a: string): KubernetesObject => ({
      ...configMap('settings', { a }),
      metadata: { name: 'settings', annotations: { 'slipway.dev/naming': 'fixed' } },
    });
    const withFixed = (objects: KubernetesObject[], a: string) =>
      objects.map(object => (object.metadata.name === 'settings' ? fixed(a) : object));
    await serveFirst(client, namespace, withFixed(first(), '1'));
    expect(await problemsOf(namespace, withFixed(second(), '2'))).toEqual([
      `steps-content: ConfigMap ${namespace}/settings keeps its name and changes, and Deployment ${namespace}/api uses it`,
    ]);
  });

  it("where someone else's object has the name of a copy", async () => {
    const namespace = await createNamespace(client, 'steps-name');
    await serveFirst(client, namespace, first());
    await client.create({ ...service('api-next'), metadata: { name: 'api-next', namespace } });
    expect(await problemsOf(namespace, second())).toEqual([
      'steps-name: the cluster has Service api-next, which this formation did not create, and the temporary copy of Service api has that name',
    ]);
  });

  it('at a weight of 100 beside an autoscaler', async () => {
    const namespace = await createNamespace(client, 'steps-scaled');
    await serveFirst(client, namespace, [...first(), autoscaler('api')]);
    expect(await problemsOf(namespace, second([autoscaler('api')]))).toEqual([
      expect.stringMatching(/^steps-autoscaler: /),
    ]);
    expect(numberAt((await readDeployment(client, namespace, 'api')) ?? {}, 'spec', 'replicas')).toBe(2);
  });
});
