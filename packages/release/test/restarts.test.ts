import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { diffFields } from '../src/objects/diff.ts';
import { restartsPods } from '../src/objects/pod-specs.ts';

const workload = (
  kind: string,
  image: string,
  spec: JsonObject = {},
  status?: JsonObject,
): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'x' },
  spec: { replicas: 3, template: { spec: { containers: [{ name: 'a', image }] } }, ...spec },
  ...(status === undefined ? {} : { status }),
});

const ON_DELETE = { updateStrategy: { type: 'OnDelete' } };
const partition = (number: number): JsonObject => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: number } },
});
const OLD_PODS = { replicas: 3 };
const TWO_REVISIONS = { currentRevision: 'x-1', updateRevision: 'x-2' };

type Case = readonly [before: KubernetesObject, after: KubernetesObject];

const RESTARTING: Readonly<Record<string, Case>> = {
  'a new image': [workload('Deployment', '1'), workload('Deployment', '2')],
  'a new image of a DaemonSet': [workload('DaemonSet', '1'), workload('DaemonSet', '2')],
  'a partition that leaves some pods to replace': [
    workload('StatefulSet', '1', partition(2)),
    workload('StatefulSet', '2', partition(2)),
  ],
  'the end of a pause': [
    workload('Deployment', '2', { paused: true }, OLD_PODS),
    workload('Deployment', '2', {}, OLD_PODS),
  ],
  'the end of OnDelete': [
    workload('StatefulSet', '2', ON_DELETE, TWO_REVISIONS),
    workload('StatefulSet', '2', {}, TWO_REVISIONS),
  ],
  'a lower partition': [
    workload('StatefulSet', '2', partition(3), TWO_REVISIONS),
    workload('StatefulSet', '2', partition(1), TWO_REVISIONS),
  ],
};

const QUIET: Readonly<Record<string, Case>> = {
  'a new number of replicas': [workload('Deployment', '1'), workload('Deployment', '1', { replicas: 5 })],
  'a new image while it is paused': [
    workload('Deployment', '1', { paused: true }),
    workload('Deployment', '2', { paused: true }),
  ],
  'a new image, paused at the same time': [
    workload('Deployment', '1'),
    workload('Deployment', '2', { paused: true }),
  ],
  'a new image without pods': [
    workload('Deployment', '1', { replicas: 0 }),
    workload('Deployment', '2', { replicas: 0 }),
  ],
  'a new image with OnDelete': [
    workload('StatefulSet', '1', ON_DELETE),
    workload('StatefulSet', '2', ON_DELETE),
  ],
  'a new image of a DaemonSet with OnDelete': [
    workload('DaemonSet', '1', ON_DELETE),
    workload('DaemonSet', '2', ON_DELETE),
  ],
  'a partition above all pods': [
    workload('StatefulSet', '1', partition(3)),
    workload('StatefulSet', '2', partition(3)),
  ],
  'the end of a pause with nothing to bring up to date': [
    workload('Deployment', '1', { paused: true }, { replicas: 3, updatedReplicas: 3 }),
    workload('Deployment', '1', {}, { replicas: 3, updatedReplicas: 3 }),
  ],
  'the template of a Job of a CronJob': [workload('CronJob', '1'), workload('CronJob', '2')],
};

const restarts = ([before, after]: Case): boolean =>
  restartsPods({ before, after, fields: diffFields(before, after) });

describe('pods restart', () => {
  it.each(Object.entries(RESTARTING))('after %s', (_title, states) => {
    expect(restarts(states)).toBe(true);
  });

  it.each(Object.entries(QUIET))('not after %s', (_title, states) => {
    expect(restarts(states)).toBe(false);
  });

  it('not because of what someone else added and what stays', () => {
    const [before, after] = [workload('Deployment', '1'), workload('Deployment', '1')];
    const kept = { pointer: '/spec/template/spec/containers/1', before: { name: 'b' }, after: { name: 'b' } };
    expect(restartsPods({ before, after, fields: [kept] })).toBe(false);
  });
});
