import type { KubernetesObject } from '@slipway/kubernetes';
import type { Scenario, Stage } from './scenario.ts';
import { type Containers, deployment, job, otherDeployment } from './workloads.ts';

/** Releases that are not written completely, or of which something is gone or of an earlier release when they are verified. */
export function goneScenarios({ image, shell, serving }: Containers): readonly Scenario[] {
  const good = deployment(serving());
  const neverReady = (name: string) =>
    otherDeployment(name, shell('exec sleep 600', { readinessProbe: { exec: { command: ['false'] } } }));
  const ended = (code: number) => job(shell(`exit ${code}`), { ttlSecondsAfterFinished: 0 });
  return [
    {
      name: 'not finished: its first stage took too long, and is ready by now',
      objects: [ordered(otherDeployment('first', shell('sleep 6; exec sleep 600', late())), '-1'), good],
      deployTakes: 2_000,
      verdict: 'failed',
      reason: /deploy did not write the release completely/,
    },
    {
      name: 'gone: a Job that was deleted while it ran',
      objects: [job(shell('exec sleep 600'))],
      after: stage => removeJobs(stage),
      verdict: 'failed',
      reason: /no longer exists|deleted before|being deleted/,
    },
    {
      name: 'gone: a Job that failed, with a TTL of 0',
      objects: [ended(3)],
      after: untilNoJob,
      verdict: 'failed',
      reason: /its pods failed too often/,
    },
    {
      name: 'gone: a Job that completed, with a TTL of 0',
      objects: [ended(0)],
      after: untilNoJob,
      verdict: 'succeeded',
      reason: /became ready/,
    },
    {
      name: 'gone: a ConfigMap that was deleted before it was verified',
      objects: [good, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' }, data: { a: '1' } }],
      after: async ({ client, namespace }) => {
        await client.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'shop' });
      },
      verdict: 'failed',
      reason: /ConfigMap .* deleted after it was applied/,
    },
    {
      name: 'gone: its namespace, while it is watched',
      objects: [deployment(shell('exec sleep 600', late()))],
      meanwhile: async ({ client, namespace }) => {
        await new Promise(done => setTimeout(done, 2_000));
        await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
      },
      verdict: 'failed',
      reason: /deleted/,
    },
    {
      name: 'a good release over one that is past its progress deadline',
      before: [deployment(shell('exit 3'), {}, { progressDeadlineSeconds: 3 })],
      beforeTakes: 8,
      objects: [deployment(serving(), {}, { progressDeadlineSeconds: 30 })],
      verdict: 'succeeded',
      reason: /became ready/,
    },
    {
      name: 'past its own progress deadline',
      objects: [{ ...neverReady('shop'), spec: { ...spec(neverReady('shop')), progressDeadlineSeconds: 5 } }],
      verdict: 'failed',
      reason: /no progress within its progressDeadlineSeconds/,
    },
    {
      name: 'the image of a volume is not there',
      objects: [
        deployment(serving({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }), {
          volumes: [{ name: 'data', image: { reference: image.replace(/[:@][^/]*$/, ':not-there') } }],
        }),
      ],
      verdict: 'failed',
      reason: /volume/,
    },
    {
      name: 'a memory limit that is too low to start',
      objects: [deployment(serving({ resources: { limits: { memory: '1Mi' } } }), {}, { replicas: 2 })],
      verdict: 'failed',
      reason: /memory limit/,
    },
  ];
}

function late() {
  return {
    readinessProbe: { exec: { command: ['sh', '-c', 'sleep 5'] }, timeoutSeconds: 6, periodSeconds: 1 },
  };
}

function spec(object: KubernetesObject) {
  return object['spec'] as object;
}

function ordered(object: KubernetesObject, order: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, annotations: { 'slipway.dev/order': order } } };
}

async function removeJobs({ client, namespace }: Stage): Promise<void> {
  const query = { apiVersion: 'batch/v1', kind: 'Job', namespace };
  for (const { metadata } of (await client.list(query)).items)
    await client.delete({ ...query, name: metadata.name });
}

async function untilNoJob({ client, namespace }: Stage): Promise<void> {
  const query = { apiVersion: 'batch/v1', kind: 'Job', namespace };
  while ((await client.list(query)).items.length > 0) await new Promise(done => setTimeout(done, 200));
}
