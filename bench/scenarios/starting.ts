import type { Scenario } from './scenario.ts';
import {
  type Containers,
  claim,
  daemonSet,
  deployment,
  job,
  PROBE,
  SERVES,
  service,
  storageClass,
} from './workloads.ts';

/** What never gets as far as being ready. */
export function startingScenarios({ image, shell, serving }: Containers): readonly Scenario[] {
  const gone = { name: 'main', image: `${image}-gone` };
  return [
    {
      name: 'the image is not in the registry',
      objects: [deployment(gone)],
      verdict: 'failed',
      reason: /image/i,
    },
    {
      name: 'the image name is not valid',
      objects: [deployment({ name: 'main', image: 'Not An Image' })],
      verdict: 'failed',
      reason: /image/i,
    },
    {
      name: 'the image must not be pulled and is not on the node',
      objects: [deployment({ ...gone, imagePullPolicy: 'Never' })],
      verdict: 'failed',
      reason: /forbids pulling it/,
    },
    { name: 'Job whose image is not there', objects: [job(gone)], verdict: 'failed', reason: /image/i },
    {
      name: 'a ConfigMap is missing',
      objects: [deployment(shell('true', { envFrom: [{ configMapRef: { name: 'settings' } }] }))],
      verdict: 'failed',
      reason: /settings/,
    },
    {
      name: 'a key of a ConfigMap is missing',
      objects: [
        deployment(
          shell('true', {
            env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'kube-root-ca.crt', key: 'colour' } } }],
          }),
        ),
      ],
      verdict: 'failed',
      reason: /colour/,
    },
    {
      name: 'a ConfigMap that is a volume is missing',
      objects: [
        deployment(serving({ volumeMounts: [{ name: 'settings', mountPath: '/settings' }] }), {
          volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
        }),
      ],
      verdict: 'failed',
      reason: /volume.*settings/,
    },
    {
      name: 'a Secret is missing, which a controller may yet write',
      objects: [deployment(shell('true', { envFrom: [{ secretRef: { name: 'password' } }] }))],
      verdict: 'timed-out',
      reason: /password/,
    },
    {
      name: 'the command does not exist',
      objects: [deployment({ name: 'main', image, command: ['/bin/shop'] })],
      verdict: 'failed',
      reason: /\/bin\/shop|command/,
    },
    {
      name: 'root is forbidden, and the image is root',
      objects: [deployment(shell(SERVES, { securityContext: { runAsNonRoot: true } }))],
      verdict: 'failed',
      reason: /root/,
    },
    {
      name: 'its readiness probe is answered with 404',
      objects: [
        deployment(
          shell(SERVES, { readinessProbe: { httpGet: { path: '/nothing', port: 8080 }, periodSeconds: 1 } }),
        ),
      ],
      verdict: 'timed-out',
      reason: /ready|probe/,
      evidence: /404/,
    },
    {
      name: 'hangs before it listens',
      objects: [deployment(shell('exec sleep 600', { readinessProbe: PROBE }))],
      verdict: 'timed-out',
      reason: /ready|probe/,
      evidence: /connection refused/,
    },
    {
      name: 'loses its readiness after 4 s for good',
      objects: [
        deployment(
          shell('touch /tmp/up; sleep 4; rm /tmp/up; exec sleep 600', {
            readinessProbe: { exec: { command: ['cat', '/tmp/up'] }, periodSeconds: 1, failureThreshold: 1 },
          }),
        ),
      ],
      verdict: 'timed-out',
      reason: /ready|probe/,
    },
    {
      name: 'asks for more processors than there are',
      objects: [deployment(serving({ resources: { requests: { cpu: '500' } } }))],
      verdict: 'timed-out',
      reason: /cpu|schedul/i,
    },
    {
      name: 'asks for a node that is not there',
      objects: [deployment(serving(), { nodeSelector: { disk: 'golden' } })],
      verdict: 'timed-out',
      reason: /cannot be scheduled/,
    },
    {
      name: 'DaemonSet that never gets ready',
      objects: [daemonSet(shell('exec sleep 600', { readinessProbe: PROBE }))],
      verdict: 'timed-out',
      reason: /ready|probe/,
    },
    {
      name: 'Service that selects nothing, beside a good Deployment',
      objects: [service('no-one'), deployment(serving())],
      verdict: 'timed-out',
      reason: /no ready endpoint/,
    },
    {
      name: 'claim that no one binds',
      given: () => [storageClass('never', 'Immediate')],
      objects: [claim('never')],
      verdict: 'timed-out',
      reason: /waiting for a volume/,
    },
  ];
}
