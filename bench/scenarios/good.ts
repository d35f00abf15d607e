import { type Scenario, SUCCESS } from './scenario.ts';
import {
  barePod,
  type Containers,
  claim,
  cronJob,
  daemonSet,
  deployment,
  job,
  LABELS,
  otherDeployment,
  PROBE,
  replicaSet,
  SERVES,
  service,
  statefulSet,
  storageClass,
} from './workloads.ts';

/** Releases that work, of each kind. */
export function goodScenarios({ shell, serving }: Containers): readonly Scenario[] {
  const good = deployment(serving());
  const succeeded = { verdict: 'succeeded', reason: SUCCESS } as const;
  return [
    { ...succeeded, name: 'answers its probe', objects: [good] },
    {
      ...succeeded,
      name: 'starts slowly, within its startup probe',
      objects: [
        deployment(shell(`sleep 6; ${SERVES}`, { startupProbe: { ...PROBE, failureThreshold: 20 } })),
      ],
    },
    {
      ...succeeded,
      name: 'has no probe and runs on',
      objects: [deployment(shell('exec sleep 600'))],
    },
    {
      ...succeeded,
      name: 'a good release after one that crashed',
      before: [deployment(shell('exit 3'))],
      beforeTakes: 4,
      objects: [good],
    },
    {
      ...succeeded,
      name: 'loses its readiness after 3 s, and has it back 4 s later',
      objects: [
        deployment(
          shell('touch /tmp/up; sleep 3; rm /tmp/up; sleep 4; touch /tmp/up; exec sleep 600', {
            readinessProbe: { exec: { command: ['cat', '/tmp/up'] }, periodSeconds: 1, failureThreshold: 1 },
          }),
        ),
      ],
    },
    {
      ...succeeded,
      name: 'a sidecar beside it, which starts first',
      objects: [
        deployment(serving(), {
          initContainers: [shell('exec sleep 600', { name: 'proxy', restartPolicy: 'Always' })],
        }),
      ],
    },
    {
      ...succeeded,
      name: 'Deployment with its Service',
      objects: [good, service('shop')],
    },
    { ...succeeded, name: 'Deployment scaled to 0', objects: [deployment(serving(), {}, { replicas: 0 })] },
    {
      ...succeeded,
      name: 'Deployment that is paused',
      objects: [deployment(serving(), {}, { paused: true })],
      evidence: /paused/,
    },
    {
      ...succeeded,
      name: 'Deployment with an autoscaler without metrics, and a budget',
      objects: [good, autoscaler('shop'), budget()],
    },
    {
      ...succeeded,
      name: 'what is not written and failed before it',
      before: [good, otherDeployment('old', shell('exec sleep 600', { readinessProbe: PROBE }))],
      objects: [
        deployment(serving({ env: [{ name: 'NEW', value: 'yes' }] })),
        otherDeployment('old', shell('exec sleep 600', { readinessProbe: PROBE })),
      ],
      evidence: /already-failing/,
    },
    { ...succeeded, name: 'ReplicaSet without a Deployment', objects: [replicaSet(serving())] },
    { ...succeeded, name: 'StatefulSet of two, one after the other', objects: [statefulSet(serving())] },
    {
      ...succeeded,
      name: 'StatefulSet with a partition',
      before: [statefulSet(serving())],
      objects: [
        statefulSet(serving({ env: [{ name: 'NEW', value: 'yes' }] }), {
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
        }),
      ],
    },
    { ...succeeded, name: 'DaemonSet on the real node', objects: [daemonSet(serving())] },
    { ...succeeded, name: 'Job that completes', objects: [job(shell('sleep 1; echo done'))] },
    {
      ...succeeded,
      name: 'Job of three, of which each completes',
      objects: [job(shell('sleep 1'), { completions: 3, parallelism: 3 })],
    },
    {
      ...succeeded,
      name: 'Job that is suspended',
      objects: [job(shell('exit 1'), { suspend: true })],
    },
    { ...succeeded, name: 'CronJob for three in the morning', objects: [cronJob(shell('exit 1'))] },
    { ...succeeded, name: 'Pod that runs on', objects: [barePod(serving())] },
    { ...succeeded, name: 'Pod that ends with 0', objects: [barePod(shell('echo done'))] },
    {
      ...succeeded,
      name: 'claim that waits for its first consumer',
      given: () => [storageClass('later', 'WaitForFirstConsumer')],
      objects: [claim('later')],
    },
  ];
}

function autoscaler(target: string) {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: target };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'shop' },
    spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 4 },
  };
}

function budget() {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'shop' },
    spec: { minAvailable: 1, selector: { matchLabels: LABELS } },
  };
}
