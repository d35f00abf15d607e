import type { JsonObject, KubernetesObject } from '@slipway/core';

/** A release, and what is to be said of it. */
export interface Scenario {
  readonly name: string;
  /** A release before it that succeeded. */
  readonly before?: readonly KubernetesObject[];
  readonly objects: readonly KubernetesObject[];
  readonly verdict: 'succeeded' | 'failed' | 'timed-out';
  /** What the sentence on top has to name. */
  readonly reason: RegExp;
  /** What the evidence has to show. */
  readonly evidence?: RegExp;
}

const SUCCESS = /./;
const SERVES = 'exec httpd -p 8080 -h /tmp';
const PROBE: JsonObject = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 };

/** Each runs on the real node, in a namespace of its own. `image` is the testbed's base image. */
export function scenarios(image: string): readonly Scenario[] {
  const shell = (script: string, more: JsonObject = {}): JsonObject => ({
    name: 'main',
    image,
    command: ['/bin/sh', '-c', script],
    ...more,
  });
  const serving = (more: JsonObject = {}) => shell(SERVES, { readinessProbe: PROBE, ...more });
  const good = deployment(serving());
  return [
    { name: 'answers its probe', objects: [good], verdict: 'succeeded', reason: SUCCESS },
    {
      name: 'starts slowly, within its startup probe',
      objects: [
        deployment(shell(`sleep 6; ${SERVES}`, { startupProbe: { ...PROBE, failureThreshold: 20 } })),
      ],
      verdict: 'succeeded',
      reason: SUCCESS,
    },
    {
      name: 'has no probe and runs on',
      objects: [deployment(shell('exec sleep 600'))],
      verdict: 'succeeded',
      reason: SUCCESS,
    },
    {
      name: 'StatefulSet of two, one after the other',
      objects: [statefulSet(serving())],
      verdict: 'succeeded',
      reason: SUCCESS,
    },
    {
      name: 'DaemonSet on the real node',
      objects: [daemonSet(serving())],
      verdict: 'succeeded',
      reason: SUCCESS,
    },
    {
      name: 'Job that completes',
      objects: [job(shell('sleep 1; echo done'))],
      verdict: 'succeeded',
      reason: SUCCESS,
    },
    {
      name: 'Job that fails',
      objects: [job(shell('echo "no such table: orders"; exit 4'))],
      verdict: 'failed',
      reason: /exit code 4|BackoffLimitExceeded/,
      evidence: /no such table: orders/,
    },
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
      before: [good],
      objects: [deployment(shell('exit 7', { readinessProbe: PROBE }))],
      verdict: 'failed',
      reason: /exit code 7/,
    },
    {
      name: 'exits with 0 again and again',
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
      objects: [
        deployment(
          shell('exec sleep 600', {
            livenessProbe: { ...PROBE, failureThreshold: 2 },
          }),
        ),
      ],
      verdict: 'failed',
      reason: /exit code 137|iveness/,
      evidence: /iveness probe failed/,
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
      name: 'the image is not in the registry',
      objects: [deployment({ name: 'main', image: `${image}-gone` })],
      verdict: 'failed',
      reason: /image/i,
    },
    {
      name: "the image's name is none",
      objects: [deployment({ name: 'main', image: 'Not An Image' })],
      verdict: 'failed',
      reason: /image/i,
    },
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
      name: 'asks for more processors than there are',
      objects: [deployment(serving({ resources: { requests: { cpu: '500' } } }))],
      verdict: 'timed-out',
      reason: /cpu|schedul/i,
    },
  ];
}

const LABELS = { app: 'shop' };
const METADATA = { name: 'shop' };

function template(main: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    metadata: { labels: LABELS },
    spec: { containers: [main], terminationGracePeriodSeconds: 1, ...more },
  };
}

function deployment(main: JsonObject, more: JsonObject = {}): KubernetesObject {
  const spec = { selector: { matchLabels: LABELS }, template: template(main, more) };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: METADATA, spec };
}

function statefulSet(main: JsonObject): KubernetesObject {
  const spec = {
    replicas: 2,
    serviceName: 'shop',
    selector: { matchLabels: LABELS },
    template: template(main),
  };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: METADATA, spec };
}

function daemonSet(main: JsonObject): KubernetesObject {
  const spec = { selector: { matchLabels: LABELS }, template: template(main) };
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: METADATA, spec };
}

function job(main: JsonObject): KubernetesObject {
  const spec = { backoffLimit: 0, template: template(main, { restartPolicy: 'Never' }) };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: METADATA, spec };
}
