import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { JsonObject } from '@slipway/core';
import { type BreakableConnection, breakableConnection } from './support/breakable-connection.ts';
import { connect, deployment, type LiveCluster, startLiveCluster, watch } from './support/live-cluster.ts';

let live: LiveCluster;
let way: BreakableConnection;
let shaky: ClusterClient;

beforeAll(async () => {
  live = await startLiveCluster();
  way = await breakableConnection(live.testbed.cluster?.kubeconfig ?? '');
  shaky = await connect(way.kubeconfig);
}, 300_000);

afterAll(async () => {
  shaky?.close();
  live?.client.close();
  way?.close();
  await live?.testbed.stop();
});

describe('the verdict', () => {
  it('is the same when watches are cut again and again', async () => {
    const objects = await live.apply(deployment('cut', { behaviour: 'slow' }));
    const cutting = setInterval(() => way.cut(), 700);
    const result = await watch(shaky, objects);
    clearInterval(cutting);
    expect([result.verdict, result.summary]).toEqual(['succeeded', expect.any(String)]);
  }, 60_000);

  it('waits for an API server that is away, and is right about what happened meanwhile', async () => {
    const objects = await live.apply(deployment('away', { behaviour: 'crash-loop', delay: 2 }));
    const watching = watch(shaky, objects);
    await sleep(500);
    way.break();
    await sleep(6_000);
    way.mend();
    expect((await watching).verdict).toBe('failed');
  }, 60_000);

  it('is no success on what was true before the connection broke', async () => {
    const objects = await live.apply(deployment('stale', { replicas: 1 }));
    await live.watch(objects, { stableFor: 0 });
    const watching = watch(shaky, objects, { stableFor: 3_000, timeout: 5_000 });
    await sleep(500);
    way.break();
    expect((await watching).verdict).toBe('timed-out');
    way.mend();
  }, 60_000);

  it('is given up with the reason when the run is cancelled', async () => {
    const objects = await live.apply(deployment('cancelled', { behaviour: 'slow' }));
    const cancellation = new AbortController();
    const watching = live.watch(objects, { signal: cancellation.signal });
    setTimeout(() => cancellation.abort(new Error('cancelled')), 300);
    await expect(watching).rejects.toThrow('cancelled');
  }, 60_000);
});

describe('rights that are missing', () => {
  const grant = async (user: string, rules: readonly JsonObject[]): Promise<ClusterClient> => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: user, namespace: 'shop' },
    };
    const binding = { ...role, kind: 'RoleBinding' };
    await live.client.create({ ...role, rules });
    await live.client.create({
      ...binding,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: user },
      subjects: [{ kind: 'User', name: user }],
    });
    return connect((await live.testbed.cluster?.userKubeconfig(user, [])) ?? '');
  };
  const read = (apiGroups: readonly string[], resources: readonly string[]): JsonObject => ({
    apiGroups,
    resources,
    verbs: ['get', 'list', 'watch'],
  });

  it('to the objects of the release are an error, and no verdict', async () => {
    const objects = await live.apply(deployment('unseen'));
    const stranger = await connect((await live.testbed.cluster?.userKubeconfig('jane', [])) ?? '');
    await expect(watch(stranger, objects)).rejects.toMatchObject({ code: 'cluster-forbidden' });
    stranger.close();
  }, 60_000);

  it('to logs, events and Secrets leave the verdict right and say what is not shown', async () => {
    const limited = await grant('joe', [
      read(['apps'], ['deployments', 'replicasets']),
      read([''], ['pods']),
    ]);
    const secretName = { valueFrom: { secretKeyRef: { name: 'password', key: 'password', optional: true } } };
    const container = { env: [{ name: 'PASSWORD', ...secretName }] };
    const objects = await live.apply(deployment('limited', { behaviour: 'crash-loop', container }));
    const result = await watch(limited, objects);
    limited.close();
    expect(result.verdict).toBe('failed');
    const lines = result.objects[0]?.evidence?.flatMap(evidence => evidence.lines);
    expect(lines).toContainEqual(expect.stringContaining('its Secrets cannot be read'));
    expect(lines).toContainEqual(expect.stringContaining('they cannot be read with these credentials'));
  }, 60_000);
});
