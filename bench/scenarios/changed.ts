import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { onceThere, type Scenario, type Stage } from './scenario.ts';
import { type Containers, deployment, statefulSet } from './workloads.ts';

const SOON = 2_000;

/** Releases that someone changes by hand after deploy. */
export function changedScenarios({ shell, serving }: Containers): readonly Scenario[] {
  const good = deployment(serving());
  const next = deployment(serving({ env: [{ name: 'VERSION', value: '2' }] }));
  const set = (version: string) => statefulSet(serving({ env: [{ name: 'VERSION', value: version }] }));
  const image = { template: { spec: { containers: [{ name: 'main', image: 'example.com/other:1' }] } } };
  const failed = { verdict: 'failed', objects: [good] } as const;
  return [
    {
      ...failed,
      name: 'changed by hand: another image',
      after: stage => patch(stage, 'Deployment', { spec: image }),
      reason: /containers\/0\/image was overwritten by/,
    },
    {
      ...failed,
      name: 'changed by hand: another image while it is watched',
      objects: [deployment(shell('exec sleep 600', { readinessProbe: { exec: { command: ['false'] } } }))],
      meanwhile: async stage => {
        await new Promise(done => setTimeout(done, SOON));
        await patch(stage, 'Deployment', { spec: image });
      },
      reason: /containers\/0\/image was overwritten by/,
    },
    {
      ...failed,
      name: 'changed by hand: scaled to nothing',
      after: stage => patch(stage, 'Deployment', { spec: { replicas: 0 } }),
      objects: [deployment(serving(), {}, { replicas: 2 })],
      reason: /spec\/replicas was/,
    },
    {
      ...failed,
      name: 'changed by hand: a key of a ConfigMap',
      objects: [good, settings()],
      after: stage => patch(stage, 'ConfigMap', { data: { greeting: 'goodbye' } }),
      reason: /ConfigMap .*data\/greeting was overwritten by/,
    },
    {
      ...failed,
      name: 'changed by hand: taken over by another formation',
      after: stage =>
        patch(stage, 'Deployment', {
          metadata: { labels: { 'applyset.kubernetes.io/part-of': 'applyset-x-v1' } },
        }),
      reason: /taken over by another formation/,
    },
    {
      name: 'changed by hand: a label and a variable that the release does not have',
      objects: [good],
      after: stage =>
        patch(stage, 'Deployment', {
          metadata: { labels: { more: '1' } },
          spec: {
            template: { spec: { containers: [{ name: 'main', env: [{ name: 'MORE', value: '1' }] }] } },
          },
        }),
      verdict: 'succeeded',
      reason: /became ready/,
    },
    {
      name: 'changed by hand: paused before the release',
      before: [good],
      between: stage => patch(stage, 'Deployment', { spec: { paused: true } }),
      objects: [next],
      verdict: 'timed-out',
      reason: /rollout is paused, by spec.paused/,
    },
    {
      name: 'changed by hand: a partition before the release',
      before: [set('1')],
      between: stage =>
        patch(stage, 'StatefulSet', { spec: { updateStrategy: { rollingUpdate: { partition: 1 } } } }),
      objects: [set('2')],
      verdict: 'timed-out',
      reason: /kept at an older revision, by spec.updateStrategy.rollingUpdate.partition/,
    },
  ];
}

function settings(): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' }, data: { greeting: 'hello' } };
}

async function patch(stage: Stage, kind: string, changes: JsonObject): Promise<void> {
  const { client, namespace } = stage;
  const apiVersion = kind === 'ConfigMap' ? 'v1' : 'apps/v1';
  const reference = { apiVersion, kind, namespace, name: 'shop' };
  const live = await onceThere(stage, reference);
  await client.patch(reference, strategic(live, changes));
}

/** A merge patch replaces lists, so that what kubectl merges is merged here. */
function strategic(live: JsonObject, changes: JsonObject): JsonObject {
  const merged = Object.entries(changes).map(([key, value]) => {
    const before = live[key];
    if (Array.isArray(value) && Array.isArray(before) && key === 'containers')
      return [
        key,
        value.map((item, index) => ({ ...(before[index] as JsonObject), ...(item as JsonObject) })),
      ];
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return [key, strategic((before ?? {}) as JsonObject, value as JsonObject)];
    return [key, value];
  });
  return Object.fromEntries(merged);
}
