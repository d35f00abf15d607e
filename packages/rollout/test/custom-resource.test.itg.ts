import { beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { until } from '@slipway/testkit/cluster';
import type { RolloutOptions, WatchedObject } from '../src/index.ts';
import { useLiveCluster } from './support/live-cluster.ts';
import { writeStatus } from './support/write-status.ts';

const live = useLiveCluster();

beforeAll(async () => {
  await Promise.all([define('Pony', 'ponies', CONDITIONS), define('Stable', 'stables', {})]);
});

const CONDITION = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    status: { type: 'string' },
    reason: { type: 'string' },
    observedGeneration: { type: 'integer' },
  },
};
const CONDITIONS: JsonObject = { conditions: { type: 'array', items: CONDITION } };

/** A definition whose status is a subresource with these fields, once the API server serves and describes it. */
async function define(kind: string, plural: string, status: JsonObject): Promise<void> {
  const properties = {
    spec: { type: 'object', properties: { hay: { type: 'integer' } } },
    status: { type: 'object', properties: { phase: { type: 'string' }, ...status } },
  };
  const schema = { openAPIV3Schema: { type: 'object', properties } };
  const version = { name: 'v1', served: true, storage: true, schema, subresources: { status: {} } };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind },
      versions: [version],
    },
  };
  await live.client.create(definition);
  const { apiVersion, metadata } = definition;
  await live.watch([{ apiVersion, kind: definition.kind, name: metadata.name }], { stableFor: 0 });
  await until(async () => {
    const described = (await live.client.openApi('example.com/v1')) ?? {};
    return JSON.stringify(described).includes(`"${kind}"`);
  });
}

function custom(kind: string, name: string, hay = 1): KubernetesObject {
  return { apiVersion: 'example.com/v1', kind, metadata: { name }, spec: { hay } };
}

async function report(plural: string, name: string, status: JsonObject): Promise<void> {
  const path = `/apis/example.com/v1/namespaces/${live.namespace}/${plural}/${name}`;
  await writeStatus(live.cluster.kubeconfig, path, status);
}

const SHORT: Partial<RolloutOptions> = { stableFor: 0, timeout: 3_000 };

async function outcome(objects: readonly WatchedObject[]): Promise<readonly [string, string | undefined]> {
  const { verdict, objects: verdicts } = await live.watch(objects, SHORT);
  return [verdict, verdicts[0]?.message];
}

describe('on a real API server, a custom resource', () => {
  it.concurrent('without a status is waited for where its kind reports conditions', async () => {
    expect(await outcome(await live.apply(custom('Pony', 'silent')))).toEqual([
      'timed-out',
      'it has no status yet',
    ]);
  });

  it.concurrent('without a status is unknown where its kind does not', async () => {
    expect(await outcome(await live.apply(custom('Stable', 'silent')))).toEqual([
      'succeeded',
      'it has no status',
    ]);
  });

  it.concurrent('succeeds as soon as its controller reports on the newest generation', async () => {
    const objects = await live.apply(custom('Pony', 'late'));
    const watching = live.watch(objects, { stableFor: 0, timeout: 20_000 });
    await report('ponies', 'late', {
      conditions: [{ type: 'Ready', status: 'True', reason: 'Fed', observedGeneration: 1 }],
    });
    expect(await watching).toMatchObject({
      verdict: 'succeeded',
      objects: [{ status: 'ready', message: 'status.conditions[Ready] is True' }],
    });
  });

  it.concurrent('does not succeed by what was reported of an older generation', async () => {
    await live.apply(custom('Pony', 'changed'));
    await report('ponies', 'changed', {
      conditions: [{ type: 'Ready', status: 'True', reason: 'Fed', observedGeneration: 1 }],
    });
    expect(await outcome(await live.apply(custom('Pony', 'changed', 2)))).toEqual([
      'timed-out',
      'status.conditions[Ready] is about generation 1, not 2',
    ]);
  });

  it.concurrent('does not succeed while one condition hides another that reports an error', async () => {
    const objects = await live.apply(custom('Pony', 'hiding'));
    await report('ponies', 'hiding', {
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'Synced', status: 'False', reason: 'ReconcileError' },
      ],
    });
    expect(await outcome(objects)).toEqual([
      'timed-out',
      'status.conditions[Synced] is False (ReconcileError)',
    ]);
  });

  it.concurrent('fails for a failed condition that lasts', async () => {
    const objects = await live.apply(custom('Pony', 'failing'));
    await report('ponies', 'failing', { conditions: [{ type: 'Failed', status: 'True', reason: 'NoHay' }] });
    const result = await live.watch(objects, { stableFor: 0, timeout: 60_000 });
    expect([result.verdict, result.objects[0]?.reason]).toEqual(['failed', 'NoHay']);
    expect(result.finished.getTime() - result.started.getTime()).toBeGreaterThanOrEqual(30_000);
  });

  it.concurrent('is held back by a bad phase', async () => {
    const objects = await live.apply(custom('Stable', 'broken'));
    await report('stables', 'broken', { phase: 'Failed' });
    expect(await outcome(objects)).toEqual(['timed-out', 'status.phase is Failed']);
  });
});

describe('an autoscaler whose target is not there', () => {
  const autoscaler = (name: string): KubernetesObject => ({
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nowhere' },
      minReplicas: 1,
      maxReplicas: 2,
    },
  });

  it.concurrent.each<[string, string, number]>([
    ['in its first version, which hides its conditions', 'first', 60_000],
    ['although nothing has to stay ready until its controller looks at it', 'soon', 0],
  ])('has failed, %s', async (_what, name, stableFor) => {
    const applied = await live.apply(autoscaler(name));
    const result = await live.watch(applied, { stableFor, timeout: 120_000 });
    expect(result).toMatchObject({ verdict: 'failed', objects: [{ reason: 'FailedGetScale' }] });
  });
});
