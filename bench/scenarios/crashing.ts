import type { Scenario } from './scenario.ts';
import {
  barePod,
  type Containers,
  daemonSet,
  deployment,
  job,
  PROBE,
  SERVES,
  statefulSet,
} from './workloads.ts';

/** Containers that run and end. */
export function crashingScenarios({ shell, serving }: Containers): readonly Scenario[] {
  return [
    {
      name: 'crashes at once, no probe',
      objects: [deployment(shell('echo "cannot read /etc/shop.conf"; exit 3'))],
      verdict: 'failed',
      reason: /exit code 3/,
      evidence: /cannot read \/etc\/shop\.conf/,
    },
    {
      name: 'crashes after 3 good seconds',
      objects: [deployment(shell('sleep 3; echo "lost the database"; exit 1'))],
      verdict: 'failed',
      reason: /exit code 1/,
      evidence: /lost the database/,
    },
    {
      name: 'a good release, then one that crashes',
      before: [deployment(serving())],
      objects: [deployment(shell('exit 7', { readinessProbe: PROBE }))],
      verdict: 'failed',
      reason: /exit code 7/,
    },
    {
      name: 'exits with 0 in a loop',
      objects: [deployment(shell('echo bye'))],
      verdict: 'failed',
      reason: /exit code 0/,
      evidence: /bye/,
    },
    {
      name: 'takes more memory than its limit',
      objects: [
        deployment(
          shell('x=1234567890; while true; do x=$x$x; done', { resources: { limits: { memory: '32Mi' } } }),
        ),
      ],
      verdict: 'failed',
      reason: /OOMKilled|memory/,
    },
    {
      name: 'is killed by its liveness probe',
      objects: [deployment(shell('exec sleep 600', { livenessProbe: { ...PROBE, failureThreshold: 2 } }))],
      verdict: 'failed',
      reason: /exit code 137|iveness/,
      evidence: /iveness probe failed/,
    },
    {
      name: 'starts more slowly than its startup probe allows',
      objects: [
        deployment(shell(`sleep 30; ${SERVES}`, { startupProbe: { ...PROBE, failureThreshold: 2 } })),
      ],
      verdict: 'failed',
      reason: /tartup/,
      evidence: /tartup probe failed/,
    },
    {
      name: 'its hook after the start fails',
      objects: [
        deployment(shell('exec sleep 600', { lifecycle: { postStart: { exec: { command: ['false'] } } } })),
      ],
      verdict: 'failed',
      reason: /PostStartHook/,
      evidence: /PostStartHook/,
    },
    {
      name: 'init container fails',
      objects: [
        deployment(serving(), {
          initContainers: [shell('echo "migration 12 failed"; exit 5', { name: 'migrate' })],
        }),
      ],
      verdict: 'failed',
      reason: /"migrate".*exit code 5/,
      evidence: /migration 12 failed/,
    },
    {
      name: 'its sidecar crashes',
      objects: [
        deployment(serving(), {
          initContainers: [shell('echo "no route"; exit 6', { name: 'proxy', restartPolicy: 'Always' })],
        }),
      ],
      verdict: 'failed',
      reason: /"proxy".*exit code 6/,
      evidence: /no route/,
    },
    {
      name: 'StatefulSet whose first pod crashes',
      objects: [statefulSet(shell('exit 3'))],
      verdict: 'failed',
      reason: /exit code 3/,
    },
    {
      name: 'StatefulSet whose fixed release is held up by the pod of the broken one',
      before: [statefulSet(shell('exit 3'))],
      beforeTakes: 5,
      objects: [statefulSet(serving())],
      verdict: 'failed',
      reason: /older revision blocks the update.*delete pod/,
    },
    {
      name: 'DaemonSet that crashes',
      objects: [daemonSet(shell('exit 3'))],
      verdict: 'failed',
      reason: /exit code 3/,
    },
    {
      name: 'Pod that ends with 1 and is not started again',
      objects: [barePod(shell('echo "no licence"; exit 1'))],
      verdict: 'failed',
      reason: /exit code 1/,
      evidence: /no licence/,
    },
    {
      name: 'Job that fails',
      objects: [job(shell('echo "no such table: orders"; exit 4'))],
      verdict: 'failed',
      reason: /exit code 4|BackoffLimitExceeded/,
      evidence: /no such table: orders/,
    },
    {
      name: 'Job that takes longer than it may',
      objects: [job(shell('exec sleep 600'), { activeDeadlineSeconds: 3 })],
      verdict: 'failed',
      reason: /activeDeadlineSeconds/,
    },
    {
      name: "Job that its podFailurePolicy doesn't forgive",
      objects: [job(shell('exit 42'), { backoffLimit: 6, podFailurePolicy: unforgiving(42) })],
      verdict: 'failed',
      reason: /podFailurePolicy.*exit code 42/,
    },
  ];
}

function unforgiving(code: number) {
  return { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [code] } }] };
}
