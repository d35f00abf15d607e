import { beforeAll, describe, expect, it } from '@jest/globals';
import { parsePack } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { createAll } from '@slipway/testkit/cluster';
import { check } from '../src/index.ts';
import { podSpec, pods } from './support/pods.ts';

const START = 600_000;
const LEVELS = ['baseline', 'restricted'] as const;
const VERSIONS = ['1.33', '1.34', '1.35', '1.36', '1.37'] as const;
/** The admission plugin of one server judges by the rules of every earlier version too, and by no later one's. */
const NEWEST = VERSIONS.at(-1) as string;

const cluster = useCluster({ kubernetes: NEWEST });

const server = useApiServer(() => cluster.kubeconfig);

function namespaceFor(level: string, version: string): string {
  return `${level}-${version.replace('.', '-')}`;
}

beforeAll(async () => {
  const namespaces = LEVELS.flatMap(level =>
    VERSIONS.map((version): KubernetesObject => {
      const name = namespaceFor(level, version);
      const prefix = 'pod-security.kubernetes.io';
      const labels = {
        [`${prefix}/enforce`]: level,
        [`${prefix}/enforce-version`]: `v${version}`,
        [`${prefix}/warn`]: level,
        [`${prefix}/warn-version`]: `v${version}`,
      };
      return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
    }),
  );
  await createAll(server, namespaces);
}, START);

async function admitsHere(object: KubernetesObject, level: string, version: string): Promise<boolean> {
  const found = await check({
    objects: [{ object }],
    policies: [],
    packs: [parsePack(`pod-security/${level}`)],
    kubernetesVersion: version,
    namespace: 'default',
  });
  return found.every(({ rule }) => !rule.startsWith('pod-security/'));
}

describe.each(LEVELS)('pod-security/%s', level => {
  it.each(VERSIONS)('admits the pods that the admission of %s admits', async version => {
    const namespace = namespaceFor(level, version);
    const verdicts = await Promise.all(
      Object.entries(pods).map(async ([title, change]) => {
        const metadata = { name: 'pod', namespace, annotations: change.annotations ?? {} };
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata,
          spec: podSpec(change),
        } as unknown as KubernetesObject;
        const { status, body } = await server.send(
          'POST',
          `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
          pod,
        );
        const refused = status === 403 && /violates PodSecurity/.test(body.message);
        return [title, refused || status < 300, await admitsHere(pod, level, version), !refused] as const;
      }),
    );
    expect(verdicts.filter(([, understood]) => !understood).map(([title]) => title)).toEqual([]);
    const admitted = (side: 2 | 3): string[] =>
      verdicts.filter(verdict => verdict[side]).map(([title]) => title);
    expect(admitted(2)).toEqual(admitted(3));
    expect(admitted(2).length).toBeGreaterThan(5);
    expect(admitted(2).length).toBeLessThan(verdicts.length - 10);
  });
});

const template = (spec: unknown, annotations: Readonly<Record<string, string>> = {}) => ({
  metadata: { labels: { a: 'b' }, annotations },
  spec,
});
const selector = { matchLabels: { a: 'b' } };

/** Every kind whose pods the plugin looks at. */
const workloads: Readonly<
  Record<string, readonly [path: string, apiVersion: string, spec: (pod: object) => object]>
> = {
  Deployment: [
    'apis/apps/v1/namespaces/NS/deployments',
    'apps/v1',
    pod => ({ selector, template: template(pod) }),
  ],
  ReplicaSet: [
    'apis/apps/v1/namespaces/NS/replicasets',
    'apps/v1',
    pod => ({ selector, template: template(pod) }),
  ],
  StatefulSet: [
    'apis/apps/v1/namespaces/NS/statefulsets',
    'apps/v1',
    pod => ({ serviceName: 'a', selector, template: template(pod) }),
  ],
  DaemonSet: [
    'apis/apps/v1/namespaces/NS/daemonsets',
    'apps/v1',
    pod => ({ selector, template: template(pod) }),
  ],
  Job: [
    'apis/batch/v1/namespaces/NS/jobs',
    'batch/v1',
    pod => ({ template: template({ ...pod, restartPolicy: 'Never' }) }),
  ],
  CronJob: [
    'apis/batch/v1/namespaces/NS/cronjobs',
    'batch/v1',
    pod => ({
      schedule: '* * * * *',
      jobTemplate: { spec: { template: template({ ...pod, restartPolicy: 'Never' }) } },
    }),
  ],
  ReplicationController: [
    'api/v1/namespaces/NS/replicationcontrollers',
    'v1',
    pod => ({ selector: { a: 'b' }, template: template(pod) }),
  ],
};

describe.each(Object.entries(workloads))('%s', (kind, [path, apiVersion, specOf]) => {
  it.each([
    'a pod that keeps to all of it',
    'a privileged container',
    'no word of root',
    'a port of the host',
  ])('is judged by its pod template: %s', async title => {
    for (const level of LEVELS) {
      const namespace = namespaceFor(level, NEWEST);
      const object = {
        ...{ apiVersion, kind },
        metadata: { name: 'workload', namespace },
        spec: specOf(podSpec(pods[title] ?? {})),
      } as unknown as KubernetesObject;
      const { status, warnings, body } = await server.send(
        'POST',
        `/${path.replace('NS', namespace)}?dryRun=All`,
        object,
      );
      expect([status, body.message]).toEqual([201, undefined]);
      const warned = warnings.some(text => text.includes('would violate PodSecurity'));
      expect([level, await admitsHere(object, level, NEWEST)]).toEqual([level, !warned]);
    }
  });
});
