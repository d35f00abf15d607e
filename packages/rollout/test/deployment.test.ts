import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { assess } from '../src/status/assess.ts';
import { blindCluster, cluster, conditions, object, pod, waiting } from './support/objects.ts';

const REVISION = 'deployment.kubernetes.io/revision';

function deployment(status: JsonObject, spec: JsonObject = {}): KubernetesObject {
  return object(
    'apps/v1',
    'Deployment',
    'api',
    { generation: 2, annotations: { [REVISION]: '2' } },
    { spec: { replicas: 2, ...spec }, status: { observedGeneration: 2, ...status } },
  );
}

const done = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
const complete = deployment(done);

function replicaSet(revision: string, status: JsonObject = {}): KubernetesObject {
  const name = `api-${revision}`;
  return object(
    'apps/v1',
    'ReplicaSet',
    name,
    { owner: complete, annotations: { [REVISION]: revision } },
    { status },
  );
}

const newest = replicaSet('2');
const older = replicaSet('1');
const good = [pod('a', { owner: newest }), pod('b', { owner: newest })];
const bad = { container: waiting('CreateContainerConfigError', 'configmap "x" not found') };

describe('a Deployment', () => {
  it.each<[string, KubernetesObject, readonly KubernetesObject[], string, string]>([
    ['whose replicas are all ready', complete, [newest, ...good], 'ready', '2 of 2 replicas are ready'],
    [
      'whose controller has not seen it yet',
      deployment({ ...done, observedGeneration: 1 }),
      [newest, ...good],
      'in-progress',
      'waiting for its controller to observe generation 2',
    ],
    [
      'that has no status at all',
      object('apps/v1', 'Deployment', 'api', { generation: 1 }),
      [],
      'in-progress',
      'waiting for its controller to observe generation 1',
    ],
    [
      'whose newest ReplicaSet was not seen yet',
      complete,
      [older, ...good],
      'in-progress',
      'waiting for the ReplicaSet of its newest revision',
    ],
    [
      'that has made one of its replicas',
      deployment({ replicas: 3, updatedReplicas: 1, availableReplicas: 3 }),
      [newest, good[0] as KubernetesObject],
      'in-progress',
      '1 of 2 new replicas have been created',
    ],
    [
      'with old replicas still there',
      deployment({ replicas: 3, updatedReplicas: 2, availableReplicas: 3 }),
      [newest, ...good],
      'in-progress',
      '1 old replica still to be removed',
    ],
    [
      'with a replica that is not available',
      deployment({ ...done, availableReplicas: 1 }),
      [newest, ...good],
      'in-progress',
      '1 of 2 replicas are ready',
    ],
    [
      'whose status is older than its pods',
      complete,
      [newest, good[0] as KubernetesObject, pod('b', { owner: newest, container: { ready: false } })],
      'in-progress',
      '1 of 2 replicas are ready',
    ],
    ['that is scaled to zero', deployment({}, { replicas: 0 }), [newest], 'ready', 'it is scaled to 0'],
    [
      'that is paused before its update',
      deployment({ replicas: 2, availableReplicas: 2 }, { paused: true }),
      [newest],
      'unknown',
      'its rollout is paused',
    ],
    [
      'that was paused before it ever ran',
      deployment({}, { paused: true }),
      [],
      'unknown',
      'its rollout is paused',
    ],
  ])('%s', (_, object, others, state, message) => {
    expect(assess(object, cluster(others))).toMatchObject({ state, message });
  });

  it('is judged by its own status where its pods may not be read', () => {
    expect(assess(complete, blindCluster)).toMatchObject({
      state: 'ready',
      message: '2 of 2 replicas are ready',
    });
  });

  it('fails for pods of its newest ReplicaSet', () => {
    const view = cluster([newest, pod('a', { owner: newest, ...bad })]);
    expect(assess(complete, view).troubles).toMatchObject([{ reason: 'CreateContainerConfigError' }]);
  });

  it('does not fail for pods of an older one, nor for pods that are going', () => {
    const view = cluster([
      newest,
      older,
      pod('old', { owner: older, ...bad }),
      pod('going', { owner: newest, ...bad, deletionTimestamp: '2026-11-20T10:00:00Z' }),
      ...good,
    ]);
    expect(assess(complete, view)).toMatchObject({ state: 'ready', troubles: [] });
  });

  it('fails at once when its own deadline has passed', () => {
    const late = deployment({
      updatedReplicas: 2,
      conditions: conditions({ Progressing: 'False ProgressDeadlineExceeded' }),
    });
    expect(assess(late, cluster([newest])).troubles).toMatchObject([
      { reason: 'ProgressDeadlineExceeded', certainAfter: 0 },
    ]);
  });

  it.each([
    ['of its newest ReplicaSet', '2', [{ reason: 'ProgressDeadlineExceeded', certainAfter: 0 }]],
    ['of an earlier one, which remains a little longer', '1', []],
  ])('counts a passed deadline %s', (_, revision, troubles) => {
    const message = `ReplicaSet "api-${revision}" has timed out progressing.`;
    const late = deployment({
      ...done,
      conditions: conditions({ Progressing: `False ProgressDeadlineExceeded: ${message}` }),
    });
    expect(assess(late, cluster([newest, older, ...good])).troubles).toMatchObject(troubles);
  });

  it('gives a passed deadline a moment where its ReplicaSets may not be read', () => {
    const late = deployment({ conditions: conditions({ Progressing: 'False ProgressDeadlineExceeded' }) });
    expect(assess(late, blindCluster).troubles).toMatchObject([{ certainAfter: 2_000 }]);
  });

  it.each([
    ['a quota', 'pods "api-2-x" is forbidden: exceeded quota: small, requested: pods=1', 15_000],
    ['a webhook', 'admission webhook "p.example.com" denied the request: no', 0],
    ['Pod Security', 'pods "x" is forbidden: violates PodSecurity "restricted:latest"', 0],
    ['a webhook that does not answer', 'failed calling webhook "p.example.com": timeout', 60_000],
    [
      'a missing service account',
      'pods "x" is forbidden: error looking up service account shop/api: serviceaccount "api" not found',
      10_000,
    ],
  ])('reports that %s forbids its pods', (_, message, certainAfter) => {
    const refused = replicaSet('2', {
      conditions: conditions({ ReplicaFailure: `True FailedCreate: ${message}` }),
    });
    expect(assess(deployment({}), cluster([refused])).troubles).toMatchObject([
      { reason: 'FailedCreate', message: `its pods cannot be created: ${message}`, certainAfter },
    ]);
  });

  it.each([
    [
      'ReplicaFailure: its pods',
      { ReplicaFailure: 'True FailedCreate: exceeded quota: small' },
      'FailedCreate',
    ],
    [
      'Progressing: its ReplicaSet',
      { Progressing: 'False ReplicaSetCreateError: admission webhook "p" denied the request: no' },
      'ReplicaSetCreateError',
    ],
  ])('reports by its own condition what cannot be created: %s', (_, given, reason) => {
    const refused = deployment({ conditions: conditions(given) });
    for (const view of [cluster([]), blindCluster])
      expect(assess(refused, view).troubles).toMatchObject([{ reason }]);
    expect(assess(refused, cluster([newest])).troubles).toEqual([]);
  });

  it('waits until the replicas are gone that a greater number has left', () => {
    const scaledDown = deployment({ replicas: 3, updatedReplicas: 3, availableReplicas: 3 }, { replicas: 1 });
    for (const view of [cluster([newest, ...good]), blindCluster])
      expect(assess(scaledDown, view)).toMatchObject({
        state: 'in-progress',
        message: '2 surplus replicas still to be removed',
      });
  });
});
