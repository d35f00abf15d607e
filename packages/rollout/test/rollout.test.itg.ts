import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import {
  autoscaler,
  barePod,
  budget,
  daemonSet,
  deployment,
  job,
  service,
  statefulSet,
} from '@slipway/testkit/objects';
import { takeStock } from '../src/index.ts';
import { useLiveCluster } from './support/live-cluster.ts';

const live = useLiveCluster();

const configMap: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { a: 'b' },
};
const claim: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'unbound' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    storageClassName: 'none',
  },
};

/** What a Deployment says, as the kind that came before ReplicaSets. */
function replicationController(name: string, behaviour?: string): KubernetesObject {
  const { spec, ...rest } = deployment(name, behaviour === undefined ? {} : { behaviour });
  const { selector: _, ...others } = spec as JsonObject;
  return { ...rest, apiVersion: 'v1', kind: 'ReplicationController', spec: others };
}

describe('the verdict on a release', () => {
  it.concurrent('waits for the pods of a ReplicationController', async () => {
    const good = await live.watch(await live.apply(replicationController('good-old')), { stableFor: 0 });
    expect([good.verdict, good.objects[0]?.message]).toEqual(['succeeded', '2 of 2 replicas are ready']);
    const bad = await live.watch(await live.apply(replicationController('bad-old', 'crash-loop')));
    expect([bad.verdict, bad.summary]).toEqual(['failed', expect.stringMatching(/crash-looping/)]);
  });

  it.concurrent('succeeds with a custom resource without a status, and lists it', async () => {
    const names = { plural: 'ponies', singular: 'pony', kind: 'Pony' };
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const version = { name: 'v1', served: true, storage: true, schema };
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'ponies.example.com' },
      spec: { group: 'example.com', scope: 'Namespaced', names, versions: [version] },
    };
    await live.client.create(definition);
    const served = await live.watch(
      [{ apiVersion: definition.apiVersion, kind: definition.kind, name: 'ponies.example.com' }],
      { stableFor: 0 },
    );
    expect(served.verdict).toBe('succeeded');
    const pony = { apiVersion: 'example.com/v1', kind: 'Pony', metadata: { name: 'dusty' } };
    const result = await live.watch(await live.apply(pony), { stableFor: 0 });
    expect(result).toMatchObject({
      verdict: 'succeeded',
      objects: [{ status: 'unknown', message: 'it has no status' }],
    });
    expect(result.summary).toContain('1 object of unknown health');
  });

  it.concurrent.each<[string, readonly KubernetesObject[]]>([
    ['of a Deployment, its Service and its configuration', [deployment('good'), service('good'), configMap]],
    ['of a StatefulSet', [statefulSet('db')]],
    [
      'of a Deployment that is scaled to nothing, with its Service',
      [deployment('none', { replicas: 0 }), service('none')],
    ],
    ['whose claim does not name a class', [claim, deployment('beside')]],
    ['of a DaemonSet', [daemonSet('agent')]],
    [
      'of what scales and guards a Deployment, without metrics',
      [deployment('scaled'), autoscaler('scaled'), budget('scaled')],
    ],
    ['of a Pod without a controller', [barePod('bare')]],
  ])('is success %s', async (_, objects) => {
    const result = await live.watch(await live.apply(...objects));
    expect([result.verdict, result.summary]).toEqual(['succeeded', expect.stringContaining('stayed ready')]);
    expect(result.objects).toHaveLength(objects.length);
    const waited = result.finished.getTime() - result.started.getTime();
    expect(waited).toBeGreaterThanOrEqual(3_000);
  });

  it.concurrent('succeeds with a Job once it completes, since it does not change any more', async () => {
    // Were it waited for, the test would not end.
    const { verdict } = await live.watch(await live.apply(job('migrate'), configMap), {
      stableFor: 24 * 3_600_000,
    });
    expect(verdict).toBe('succeeded');
  });

  it.concurrent.each<[string, KubernetesObject, string, RegExp]>([
    ['is crash-looping', deployment('crash', { behaviour: 'crash-loop' }), 'CrashLoopBackOff', /exit code 3/],
    [
      'is crash-looping, and is ready in between',
      deployment('flaps', { behaviour: 'crash-loop', delay: 2 }),
      'CrashLoopBackOff',
      /exit code 3/,
    ],
    ['runs out of memory', deployment('hungry', { behaviour: 'oom-killed' }), 'OOMKilled', /out of memory/],
    [
      'lacks its image',
      deployment('pull', { behaviour: 'image-pull' }),
      'ImagePullBackOff|ErrImagePull',
      /image "shop\/main:1"/,
    ],
    [
      'lacks its configuration',
      deployment('config', { behaviour: 'config-error' }),
      'CreateContainerConfigError',
      /cannot be configured/,
    ],
    [
      'crashes in a StatefulSet',
      statefulSet('crash-db', { behaviour: 'crash-loop' }),
      'CrashLoopBackOff',
      /exit code 3/,
    ],
    [
      'fails as a Job',
      job('broken', { behaviour: 'crash-loop' }),
      'BackoffLimitExceeded',
      /its pods failed too often/,
    ],
    [
      'names a service account that is not there',
      deployment('no-account', { pod: { serviceAccountName: 'no-account' } }),
      'FailedCreate',
      /service ?account/i,
    ],
  ])('is failure for what %s, with the reason', async (_, object, reason, words) => {
    const result = await live.watch(await live.apply(object));
    expect([result.verdict, result.summary]).toEqual(['failed', expect.stringMatching(words)]);
    expect(result.objects[0]).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(reason),
      remedy: expect.any(String),
    });
  });

  it.concurrent('shows the way from the release to the container that failed', async () => {
    const result = await live.watch(
      await live.apply(deployment('shown', { behaviour: 'crash-loop', replicas: 1 })),
    );
    const titles = result.objects[0]?.evidence?.map(({ title }) => title);
    expect(titles?.[0]).toMatch(
      /^Deployment shown → ReplicaSet shown-\w+ → Pod shown-\w+-\w+ → container main$/,
    );
    expect(titles).toContainEqual(expect.stringMatching(/^Events of Pod shown-/));
  });

  it.concurrent('is a time-out for pods that never become ready, from the last progress on', async () => {
    const result = await live.watch(await live.apply(deployment('never', { behaviour: 'never-ready' })), {
      timeout: 4_000,
    });
    expect(result.verdict).toBe('timed-out');
    expect(result.summary).toMatch(
      /^Deployment shop\/never stopped making progress: 0 of 2 replicas are ready/,
    );
  });

  it.concurrent('is failure for pods that no node can take only when an autoscaler had its time', async () => {
    const huge = { resources: { requests: { cpu: '9999' } } };
    const objects = await live.apply(deployment('huge', { container: huge }));
    const result = await live.watch(objects, { timeout: 3_000 });
    expect([result.verdict, result.objects[0]?.reason]).toEqual(['timed-out', 'Unschedulable']);
    expect(result.summary).toContain('Insufficient cpu');
  });

  it.concurrent('looks at the pods of the newest revision only', async () => {
    await live.watch(await live.apply(deployment('again', { behaviour: 'crash-loop' })));
    const fixed = await live.apply(deployment('again'));
    expect((await live.watch(fixed)).verdict).toBe('succeeded');
  });

  it.concurrent('is failure when an object is deleted meanwhile', async () => {
    const objects = await live.apply(deployment('gone', { behaviour: 'slow' }));
    const watching = live.watch(objects);
    await live.client.delete({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'gone' });
    expect((await watching).objects[0]).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('deleted'),
    });
  });

  it.concurrent('is superseded as soon as a newer release starts', async () => {
    const objects = await live.apply(deployment('slow', { behaviour: 'slow' }));
    const watching = live.watch(objects, {
      successor: {
        kind: { apiVersion: 'v1', kind: 'Secret' },
        namespace: 'shop',
        fieldSelector: 'type=slipway.dev/release',
        isSuccessor: name => name === 'slipway.shop.staging.8',
      },
    });
    const record = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'shop' },
      type: 'slipway.dev/release',
    });
    await live.client.create(record('slipway.shop.staging.7'));
    await live.client.create(record('slipway.shop.staging.8'));
    expect((await watching).verdict).toBe('superseded');
  });

  it.concurrent('reports each change once, in order, with how many are settled', async () => {
    const told: string[] = [];
    await live.watch(await live.apply(deployment('told', { replicas: 1 })), {
      onChange: ({ status, message, settled, total }) =>
        told.push(`${status} ${message} ${settled}/${total}`),
    });
    expect(told.at(-1)).toBe('ready 1 of 1 replicas are ready 1/1');
    expect(new Set(told).size).toBe(told.length);
  });
});

describe('stock', () => {
  it.concurrent('reports the health of objects right now', async () => {
    const good = await live.apply(deployment('stock-good', { replicas: 1 }));
    await live.watch(good, { stableFor: 0 });
    await live.apply(deployment('stock-bad', { behaviour: 'never-ready' }));
    const reference = (name: string) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name,
    });
    const stock = await takeStock({
      client: live.client,
      objects: ['stock-good', 'stock-bad', 'stock-none'].map(reference),
      clock: () => new Date(),
      signal: new AbortController().signal,
      logger: { debug: () => {}, info: () => {}, warning: () => {} },
    });
    expect(stock.map(({ healthy }) => healthy)).toEqual([true, false, false]);
  });
});
