import type { StepStrategy } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/** A release that is played while clients send requests. */
export interface Play {
  readonly name: string;
  /** Undefined for an ordinary release, which is a rolling update. */
  readonly strategy: StepStrategy | undefined;
  /** What the pods of the new version are started with. */
  readonly args: readonly string[];
  readonly verdict: 'succeeded' | 'rolled-back';
}

/** What the pods do when they are ended, beside answering their open requests. */
export interface Ending {
  readonly name: string;
  /** Seconds between the end of a pod's membership and SIGTERM; 0 for no hook. */
  readonly preStop: number;
}

export const ENDINGS: readonly Ending[] = [
  { name: 'without preStop', preStop: 0 },
  { name: 'with preStop', preStop: 5 },
];

/** From the Ready copy on it has users within seconds, so that it crashes with a quarter of them. */
const CRASH_AFTER = '25s';

export const PLAYS: readonly Play[] = [
  { name: 'rolling update', strategy: undefined, args: [], verdict: 'succeeded' },
  {
    name: 'canary, committed',
    strategy: {
      steps: [
        { weight: 25, bake: '10s' },
        { weight: 50, bake: '10s' },
      ],
    },
    args: [],
    verdict: 'succeeded',
  },
  {
    name: 'canary, crashes at 25 %',
    strategy: { steps: [{ weight: 25, bake: '120s' }] },
    args: [`--crash-after=${CRASH_AFTER}`],
    verdict: 'rolled-back',
  },
  {
    name: 'blue/green, committed',
    strategy: { steps: [{ weight: 0 }, { weight: 100, bake: '10s' }] },
    args: [],
    verdict: 'succeeded',
  },
];

/** As many that one more is a quarter of all. */
const REPLICAS = 3;
const PORT = 8080;

/** The application in a version: a Deployment and its Service. */
export function application(
  version: 'old' | 'new',
  image: string,
  { preStop }: Ending,
  args: readonly string[] = [],
): KubernetesObject[] {
  const container = {
    name: 'api',
    image,
    args: ['serve', `--version=${version}`, ...args],
    ports: [{ name: 'http', containerPort: PORT }],
    // Patient, so that a machine that is busy for a moment does not take pods out of the Service; a container that ends is out at once.
    readinessProbe: {
      httpGet: { path: '/', port: 'http' },
      ...{ periodSeconds: 1, timeoutSeconds: 10, failureThreshold: 10 },
    },
    ...(preStop > 0 && { lifecycle: { preStop: { sleep: { seconds: preStop } } } }),
  };
  const [metadata, labels] = [{ name: 'api' }, { app: 'api' }];
  const template = { metadata: { labels }, spec: { containers: [container] } };
  const selector = { matchLabels: labels };
  return [
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
      spec: { replicas: REPLICAS, selector, template },
    },
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata },
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
  ] as KubernetesObject[];
}
