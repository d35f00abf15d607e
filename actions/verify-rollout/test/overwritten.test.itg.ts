import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, type Release, SlipwayError, silentLogger } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import { rollBack } from '@slipway/release';
import type { RolloutOptions } from '@slipway/rollout';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { configMap, ordered, workload } from '@slipway/testkit/objects';
import { close, deployObjects as deploy } from '@slipway/testkit/releases';
import { runKubectl, watchAgain } from './watch-again.ts';

const cluster = useCluster({ nodes: 2 });
const client = useClient(() => cluster.kubeconfig);
let used = 0;

async function newNamespace(): Promise<string> {
  const name = `overwritten-${++used}`;
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

const verify = (release: Release, options: Partial<RolloutOptions> = {}) =>
  watchAgain(client, release, options);

const kubectl = (namespace: string, ...args: string[]) => runKubectl(cluster, namespace, args);

/** The client, with some answers of our own. */
function clientThat(answers: Partial<Pick<ClusterClient, 'get' | 'list'>>): ClusterClient {
  return new Proxy(client, {
    get: (target, name) => {
      const own = answers[name as keyof typeof answers];
      const value: unknown = Reflect.get(target, name);
      return own ?? (typeof value === 'function' ? value.bind(target) : value);
    },
  });
}

const refuse = (code: string, message: string): Promise<never> =>
  Promise.reject(new SlipwayError({ code, message }));

const HARD_HAT = { env: [{ name: 'MODE', value: 'fast' }], resources: { limits: { cpu: '1000m' } } };

/** A Deployment with what the server spells in another way, or leaves out. */
function web(replicas = 2): KubernetesObject {
  const base = workload('web');
  const containers = [{ name: 'main', image: 'shop/main:1', ...HARD_HAT }];
  const volumes = [{ name: 'scratch', emptyDir: {} }];
  const spec = { containers, volumes, nodeSelector: {}, securityContext: {}, tolerations: [] };
  const template = { metadata: { labels: { app: 'web' }, annotations: {} }, spec };
  return { ...base, spec: { ...(base['spec'] as JsonObject), replicas, template } };
}

const secret: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login' },
  stringData: { password: 'correct horse' },
};
const service: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', labels: { tier: 'front' } },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
};
const role: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'reader' },
  rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
};

const RELEASED = () => [web(), configMap('settings', { value: 'good' }), secret, service, role];

const patched = (kind: string, name: string, patch: JsonObject, type = 'strategic'): string[] => [
  'patch',
  kind,
  name,
  '--type',
  type,
  '-p',
  JSON.stringify(patch),
];

const containers = (changes: JsonObject) => ({
  spec: { template: { spec: { containers: [{ name: 'main', ...changes }] } } },
});

describe('what someone overwrote after deploy has failed, and it is said who did it and where', () => {
  it.concurrent.each<[string, string[], RegExp]>([
    [
      'an image, by kubectl set',
      ['set', 'image', 'deployment/web', 'main=shop/main:2'],
      /Deployment .*web failed: .*containers\/0\/image was overwritten by "kubectl-set"; deploy again/,
    ],
    [
      'a variable that is removed',
      ['set', 'env', 'deployment/web', 'MODE-'],
      /containers\/0\/env.* was removed/,
    ],
    [
      'a number of replicas, lowered',
      ['scale', 'deployment/web', '--replicas=0'],
      /\/spec\/replicas was changed/,
    ],
    [
      'a volume of another kind',
      patched('deployment', 'web', {
        spec: {
          template: { spec: { volumes: [{ name: 'scratch', emptyDir: null, hostPath: { path: '/' } }] } },
        },
      }),
      /volumes\/0\/emptyDir was removed/,
    ],
    [
      'a limit',
      patched('deployment', 'web', containers({ resources: { limits: { cpu: '7' } } })),
      /limits\/cpu was overwritten by "kubectl-patch"/,
    ],
    [
      'a key of a ConfigMap',
      patched('configmap', 'settings', { data: { value: 'bad' } }),
      /ConfigMap .*settings failed: .*\/data\/value was overwritten by "kubectl-patch"/,
    ],
    [
      'a key of a ConfigMap that is removed',
      patched('configmap', 'settings', { data: { value: null } }),
      /\/data was removed/,
    ],
    [
      'a key of a Secret',
      patched('secret', 'login', { stringData: { password: 'hunter2' } }),
      /Secret .*login failed: .*\/data\/password was overwritten/,
    ],
    [
      'a port of a Service',
      patched('service', 'web', { spec: { ports: [{ name: 'http', port: 81 }] } }, 'merge'),
      /\/spec\/ports.* was removed/,
    ],
    ['a label', ['label', 'service', 'web', 'tier=back', '--overwrite'], /labels\/tier was overwritten/],
    [
      'a rule of a Role',
      patched('role', 'reader', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }] }),
      /\/rules was overwritten/,
    ],
  ])('%s', async (_what, command, words) => {
    const namespace = await newNamespace();
    const release = await deploy(client, { namespace }, RELEASED());
    await kubectl(namespace, ...command);
    const { verdict, summary } = await verify(release);
    expect([verdict, summary]).toEqual(['failed', expect.stringMatching(words)]);
    expect(summary).not.toMatch(/hunter2|aHVudGVyMg|horse/);
  });

  it.concurrent('also while it is watched', async () => {
    const namespace = await newNamespace();
    const release = await deploy(client, { namespace }, [workload('web', 'never-ready')]);
    const watching = verify(release, { timeout: 120_000 });
    await kubectl(namespace, 'set', 'image', 'deployment/web', 'main=shop/main:2');
    expect((await watching).summary).toMatch(/image was overwritten by "kubectl-set"/);
  });

  it.concurrent('also where the cluster does not answer for a while when it is asked', async () => {
    const namespace = await newNamespace();
    const release = await deploy(client, { namespace }, [configMap('settings', { value: 'good' })]);
    await kubectl(namespace, ...patched('configmap', 'settings', { data: { value: 'bad' } }));
    let left = 2;
    const shaky = clientThat({
      get: reference =>
        left-- > 0 ? refuse('cluster-unreachable', 'it does not answer') : client.get(reference),
    });
    expect((await watchAgain(shaky, release)).summary).toMatch(/data\/value was overwritten/);
  });

  it.concurrent('also where no one knows any more who wrote what', async () => {
    const namespace = await newNamespace();
    const release = await deploy(client, { namespace }, RELEASED());
    const forgotten = { metadata: { managedFields: [{}] } };
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
    await client.patch(settings, { ...forgotten, data: { value: 'bad' } });
    expect((await verify(release)).summary).toMatch(/settings failed: .*\/data\/value was/);
  });
});

describe('a rollback', () => {
  const rolledBack = (release: Release, forceConflicts?: boolean) =>
    rollBack({
      client,
      release,
      forceConflicts,
      repository: 'acme/shop',
      actor: 'ada',
      run: '',
      reason: 'test',
      lockTimeout: 10_000,
      timeout: 30_000,
      clock: () => new Date(),
      signal: new AbortController().signal,
      logger: silentLogger,
      onRecorded: () => {},
    });

  it.concurrent('does not write over what someone wrote by hand, unless it may take fields over', async () => {
    const namespace = await newNamespace();
    await close(client, await deploy(client, { namespace }, [configMap('settings', { value: 'old' })]));
    const release = await deploy(client, { namespace }, [configMap('settings', { value: 'new' })]);
    await kubectl(namespace, ...patched('configmap', 'settings', { data: { value: 'by hand' } }));
    await expect(rolledBack(release)).rejects.toMatchObject({
      code: 'cluster-field-conflict',
      message: expect.stringMatching(/kubectl-patch/),
    });
    await rolledBack(release, true);
    const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
    expect(live?.['data']).toEqual({ value: 'old' });
  });
});

const deployed = (namespace: string): ObjectReference => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace,
  name: 'web',
});

const autoscaler: KubernetesObject = {
  apiVersion: 'autoscaling/v1',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 1,
    maxReplicas: 9,
  },
};

describe('what is still as it was released has succeeded', () => {
  it.concurrent.each<[string, string[][]]>([
    ['though nothing happened', []],
    [
      'though it got a label, an annotation, a variable and a container of others',
      [
        ['label', 'deployment/web', 'more=1'],
        ['annotate', 'configmap/settings', 'more=1'],
        ['set', 'env', 'deployment/web', 'OTHER=1'],
        patched('deployment', 'web', {
          spec: { template: { spec: { containers: [{ name: 'agent', image: 'shop/agent:1' }] } } },
        }),
      ],
    ],
    [
      'though it has been changed and changed back',
      [
        ['set', 'image', 'deployment/web', 'main=shop/main:2'],
        ['set', 'image', 'deployment/web', 'main=shop/main:1'],
        patched('configmap', 'settings', { data: { value: 'bad' } }),
        patched('configmap', 'settings', { data: { value: 'good' } }),
        patched('deployment', 'web', containers({ resources: { limits: { cpu: '2' } } })),
        patched('deployment', 'web', containers({ resources: { limits: { cpu: '1' } } })),
      ],
    ],
    ['though it was restarted', [['rollout', 'restart', 'deployment/web']]],
    ['though someone gave it more replicas', [['scale', 'deployment/web', '--replicas=3']]],
  ])('%s', async (_what, commands) => {
    const namespace = await newNamespace();
    const release = await deploy(client, { namespace }, RELEASED());
    for (const command of commands) await kubectl(namespace, ...command);
    expect(await verify(release)).toMatchObject({ verdict: 'succeeded' });
  });

  it.concurrent('though an autoscaler, of the release or not, gave it fewer replicas', async () => {
    const namespace = await newNamespace();
    const release = await deploy(client, { namespace }, [web(3)]);
    await client.create({ ...autoscaler, metadata: { name: 'web', namespace } });
    await kubectl(namespace, 'scale', 'deployment/web', '--replicas=1');
    expect((await verify(release)).verdict).toBe('succeeded');
  });

  it.concurrent('though fewer replicas may be the decision of an autoscaler that may not be read', async () => {
    const namespace = await newNamespace();
    const release = await deploy(client, { namespace }, [web(3)]);
    await kubectl(namespace, 'scale', 'deployment/web', '--replicas=1');
    const restricted = clientThat({
      list: query =>
        query.kind === 'HorizontalPodAutoscaler'
          ? refuse('cluster-forbidden', 'autoscalers may not be listed')
          : client.list(query),
    });
    expect((await watchAgain(restricted, release)).verdict).toBe('succeeded');
  });

  it.concurrent('though what kubectl and deploy apply alike is owned by both, and by no one', async () => {
    const namespace = await newNamespace();
    const release = await deploy(client, { namespace }, RELEASED());
    await client.apply(
      { ...web(), metadata: { name: 'web', namespace } },
      { fieldManager: 'other', force: true },
    );
    await client.patch(deployed(namespace), { metadata: { managedFields: [{}] } });
    expect(await verify(release)).toMatchObject({ verdict: 'succeeded' });
  });

  it.concurrent('though the cluster changed a value when it was applied', async () => {
    const namespace = await newNamespace();
    await mutate(namespace);
    const release = await deploy(client, { namespace }, RELEASED());
    await kubectl(namespace, 'label', 'configmap/settings', 'more=1');
    const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
    expect(live?.['data']).toEqual({ value: 'mutated' });
    expect(await verify(release)).toMatchObject({ verdict: 'succeeded' });
  });
});

/** Changes each ConfigMap of a namespace as a webhook would. */
async function mutate(namespace: string): Promise<void> {
  const matchConstraints = {
    resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
  };
  const mutations = [
    {
      patchType: 'JSONPatch',
      jsonPatch: { expression: '[JSONPatch{op: "replace", path: "/data/value", value: "mutated"}]' },
    },
  ];
  const group = 'admissionregistration.k8s.io/v1';
  const metadata = { name: namespace };
  const spec = { matchConstraints, mutations, reinvocationPolicy: 'Never', failurePolicy: 'Ignore' };
  await client.create({ apiVersion: group, kind: 'MutatingAdmissionPolicy', metadata, spec });
  const matchResources = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  };
  const binding = { policyName: namespace, matchResources };
  await client.create({ apiVersion: group, kind: 'MutatingAdmissionPolicyBinding', metadata, spec: binding });
  const probe = { ...configMap('probe', { value: 'plain' }), metadata: { name: 'probe', namespace } };
  for (;;) {
    const { object } = await client.apply(probe, { fieldManager: 'probe', force: true });
    if ((object['data'] as JsonObject)['value'] === 'mutated') return;
    await new Promise(done => setTimeout(done, 200));
  }
}

const paused = (object: KubernetesObject): KubernetesObject => ({
  ...object,
  spec: { ...(object['spec'] as JsonObject), paused: true },
});

describe('a rollout that is paused', () => {
  it.concurrent('by someone, and not by its manifest, is waited for until the time is over', async () => {
    const namespace = await newNamespace();
    await deploy(client, { namespace }, [workload('web')]);
    await kubectl(namespace, 'rollout', 'pause', 'deployment/web');
    const release = await deploy(client, { namespace }, [workload('web', undefined, 'shop/main:2')]);
    const { verdict, summary } = await verify(release, { timeout: 3_000 });
    expect([verdict, summary]).toEqual([
      'timed-out',
      expect.stringMatching(
        /its rollout is paused, by spec.paused, which its manifest does not have so; let it/,
      ),
    ]);
    const watching = verify(release, { timeout: 120_000 });
    await kubectl(namespace, 'rollout', 'resume', 'deployment/web');
    expect((await watching).verdict).toBe('succeeded');
  });

  it.concurrent('by its manifest is settled, and it is said', async () => {
    const namespace = await newNamespace();
    await deploy(client, { namespace }, [workload('web')]);
    const release = await deploy(client, { namespace }, [paused(workload('web', undefined, 'shop/main:2'))]);
    const { verdict, objects } = await verify(release);
    expect([verdict, objects[0]?.message]).toEqual(['succeeded', 'its rollout is paused']);
  });

  it.concurrent('by its manifest does not hold the next stage back, and by someone it does', async () => {
    const namespace = await newNamespace();
    const stages = (first: KubernetesObject) => [ordered(first, '-1'), workload('next')];
    await deploy(client, { namespace }, stages(workload('web')));
    await deploy(client, { namespace }, stages(paused(workload('web', undefined, 'shop/main:2'))));
    await deploy(client, { namespace }, stages(workload('web', undefined, 'shop/main:2')));
    await kubectl(namespace, 'rollout', 'pause', 'deployment/web');
    const next = deploy(
      client,
      { namespace, timeout: 2_000 },
      stages(workload('web', undefined, 'shop/main:3')),
    );
    await expect(next).rejects.toMatchObject({ code: 'stage-failed', message: /its rollout is paused/ });
  });
});
