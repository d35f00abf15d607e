import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { assess } from '../src/status/assess.ts';
import { cluster, conditions, emptyCluster, object, pod, terminated, waiting } from './support/objects.ts';

const HASH = 'controller-revision-hash';
const crashing = { container: { ...waiting('CrashLoopBackOff'), restartCount: 2, lastState: terminated(1) } };

describe('a StatefulSet', () => {
  const set = (status: JsonObject, spec: JsonObject = {}) =>
    object(
      'apps/v1',
      'StatefulSet',
      'db',
      { generation: 1 },
      {
        spec: { replicas: 3, ...spec },
        status: { observedGeneration: 1, updateRevision: 'new', ...status },
      },
    );
  const done = { updatedReplicas: 3, availableReplicas: 3 };
  const pods = (owner: KubernetesObject, hash: string, count = 3) =>
    Array.from({ length: count }, (_, index) => pod(`db-${index}`, { owner, labels: { [HASH]: hash } }));

  it.each<[string, KubernetesObject, string, string, string]>([
    ['with all replicas ready', set(done), 'new', 'ready', '3 of 3 replicas are ready'],
    [
      'in the middle of its update',
      set({ ...done, updatedReplicas: 1 }),
      'new',
      'in-progress',
      '1 of 3 replicas have the new revision',
    ],
    [
      'that has replicas left from a greater number',
      set({ ...done, replicas: 3 }, { replicas: 1 }),
      'new',
      'in-progress',
      '2 surplus replicas still to be removed',
    ],
    [
      'with a replica that is not ready',
      set({ ...done, availableReplicas: 2 }),
      'new',
      'in-progress',
      '2 of 3 replicas are ready',
    ],
    [
      'with a partition keeps replicas at the old revision',
      set({ ...done, updatedReplicas: 1 }, { updateStrategy: { rollingUpdate: { partition: 2 } } }),
      'new',
      'ready',
      '3 of 3 replicas are ready; 2 replicas kept at an older revision',
    ],
    [
      'that updates on deletion only is settled',
      set({ ...done, updatedReplicas: 0 }, { updateStrategy: { type: 'OnDelete' } }),
      'old',
      'ready',
      '3 of 3 replicas are ready; 3 replicas kept at an older revision',
    ],
  ])('%s', (_, given, hash, state, message) => {
    expect(assess(given, cluster(pods(given, hash)))).toMatchObject({ state, message, troubles: [] });
  });

  it('is stuck when a pod of an older revision fails, and says what to delete', () => {
    const given = set({ ...done, updatedReplicas: 0 });
    const view = cluster([pod('db-0', { owner: given, labels: { [HASH]: 'old' }, ...crashing })]);
    expect(assess(given, view).troubles).toMatchObject([
      { certainAfter: 0, remedy: 'delete pod "db-0", so that one of the new revision replaces it' },
    ]);
    const parallel = set(done, { podManagementPolicy: 'Parallel' });
    expect(assess(parallel, view).troubles).toEqual([]);
  });

  it('finds in events why its pods are refused, while some are missing', () => {
    const given = set({ updatedReplicas: 0 });
    const refused = {
      db: [{ reason: 'FailedCreate', message: 'create Pod db-0 failed: exceeded quota: small' }],
    };
    expect(assess(given, cluster([], refused)).troubles).toMatchObject([{ reason: 'FailedCreate' }]);
    expect(assess(given, cluster(pods(given, 'new'), refused)).troubles).toEqual([]);
  });
});

describe('a DaemonSet', () => {
  const set = (status: JsonObject, spec: JsonObject = {}) =>
    object(
      'apps/v1',
      'DaemonSet',
      'agent',
      { generation: 1 },
      {
        spec,
        status: { observedGeneration: 1, desiredNumberScheduled: 2, ...status },
      },
    );
  const done = { updatedNumberScheduled: 2, numberAvailable: 2 };

  it.each<[string, KubernetesObject, string, string]>([
    ['ready everywhere', set(done), 'ready', 'it is ready on 2 of 2 nodes'],
    [
      'half updated',
      set({ ...done, updatedNumberScheduled: 1 }),
      'in-progress',
      '1 of 2 nodes have the new revision',
    ],
    [
      'not ready on one node',
      set({ ...done, numberAvailable: 1 }),
      'in-progress',
      'it is ready on 1 of 2 nodes',
    ],
    ['that matches no node', set({ desiredNumberScheduled: 0 }), 'ready', 'it is ready on 0 of 0 nodes'],
    [
      'that updates on deletion only',
      set({ numberAvailable: 2 }, { updateStrategy: { type: 'OnDelete' } }),
      'ready',
      'it is ready on 2 of 2 nodes',
    ],
  ])('%s', (_, given, state, message) => {
    expect(assess(given, emptyCluster)).toMatchObject({ state, message });
  });

  it('does not count nodes that are cordoned or not ready', () => {
    const given = set({ updatedNumberScheduled: 2, numberAvailable: 1 });
    const node = (name: string, ready: string, unschedulable = false) =>
      object(
        'v1',
        'Node',
        name,
        {},
        { spec: { unschedulable }, status: { conditions: conditions({ Ready: ready }) } },
      );
    const on = (nodeName: string, ready: boolean) =>
      pod(`agent-${nodeName}`, {
        owner: given,
        spec: { nodeName },
        container: { ready, state: { running: {} } },
      });
    const pods = [on('a', true), on('b', false)];
    const message = 'it is ready on 1 of 2 nodes; 1 node cordoned or not ready';
    for (const idle of [node('b', 'Unknown'), node('b', 'True', true)])
      expect(assess(given, cluster([...pods, node('a', 'True'), idle]))).toMatchObject({
        state: 'ready',
        message,
      });
    expect(assess(given, cluster([...pods, node('a', 'True'), node('b', 'True')])).state).toBe('in-progress');
  });

  it('fails for pods of its newest revision only', () => {
    const given = set(done);
    const revision = (name: string, number: number) =>
      object(
        'apps/v1',
        'ControllerRevision',
        name,
        { owner: given, labels: { [HASH]: name } },
        { revision: number },
      );
    const failing = (hash: string) =>
      pod(`agent-${hash}`, { owner: given, labels: { [HASH]: hash }, ...crashing });
    const revisions = [revision('old', 1), revision('new', 2)];
    expect(assess(given, cluster([...revisions, failing('old')])).troubles).toEqual([]);
    expect(assess(given, cluster([...revisions, failing('new')])).troubles).toHaveLength(1);
  });
});

describe('a Job', () => {
  const job = (status: JsonObject, spec: JsonObject = {}) =>
    object('batch/v1', 'Job', 'migrate', {}, { spec, status });

  it.each<[string, KubernetesObject, string, string]>([
    [
      'that completed',
      job({ succeeded: 1, conditions: conditions({ Complete: 'True' }) }),
      'ready',
      '1 of 1 completions done',
    ],
    ['that runs', job({ active: 1 }, { completions: 3 }), 'in-progress', '0 of 3 completions done'],
    [
      'that tries again',
      job({ failed: 2 }, { backoffLimit: 4 }),
      'in-progress',
      '0 of 1 completions done, 2 pods failed (it gives up at 5)',
    ],
    ['that is suspended is settled', job({}, { suspend: true }), 'ready', 'it is suspended'],
  ])('%s', (_, given, state, message) => {
    expect(assess(given, emptyCluster)).toMatchObject({ state, message, troubles: [] });
  });

  it.each<[string, Readonly<Record<string, string>>, string, string | undefined]>([
    ['that completed and is being removed', { Complete: 'True' }, 'ready', undefined],
    [
      'that failed and is being removed',
      { Failed: 'True BackoffLimitExceeded' },
      'in-progress',
      'BackoffLimitExceeded',
    ],
    ['that is being removed while it runs', {}, 'in-progress', 'Terminating'],
  ])('%s', (_, ended, state, reason) => {
    const meta = { deletionTimestamp: '2026-11-28T10:00:00Z' };
    const given = object('batch/v1', 'Job', 'migrate', meta, { status: { conditions: conditions(ended) } });
    const status = assess(given, emptyCluster);
    expect([status.state, status.troubles[0]?.reason]).toEqual([state, reason]);
  });

  it('that failed fails at once, with how its last pod ended', () => {
    const given = job({ conditions: conditions({ Failed: 'True BackoffLimitExceeded: too often' }) });
    const ended = pod('migrate-x', {
      owner: given,
      spec: { restartPolicy: 'Never' },
      container: { state: terminated(9) },
      status: { phase: 'Failed' },
    });
    expect(assess(given, cluster([ended])).troubles).toMatchObject([
      {
        certainAfter: 0,
        reason: 'BackoffLimitExceeded',
        message: expect.stringMatching(/^its pods failed too often: container "main" .*exit code 9/),
      },
    ]);
  });

  it('does not fail while its pods may still be retried', () => {
    const given = job({ failed: 1 });
    expect(assess(given, cluster([pod('migrate-x', { owner: given, ...crashing })])).troubles).toEqual([]);
  });

  it('whose image does not exist is one', () => {
    const given = job({ active: 1 });
    const view = cluster([
      pod('migrate-x', { owner: given, container: waiting('ErrImagePull', 'not found') }),
    ]);
    expect(assess(given, view).troubles).toMatchObject([{ reason: 'ErrImagePull' }]);
  });
});
