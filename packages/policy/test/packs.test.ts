import { describe, expect, it } from '@jest/globals';
import { KUBERNETES_VERSIONS, PACKS } from '../src/index.ts';
import { readPacks } from '../src/packs/pack-files.ts';
import { budget, checkYaml, deployment, shown } from './support/check-yaml.ts';
import { podSpec } from './support/pods.ts';

const workloads = async (manifests: string) =>
  (await checkYaml({ manifests, packs: ['workloads'] }))
    // There is no schema for KEDA's kinds here.
    .filter(({ rule }) => rule !== 'schema/unknown-kind')
    .map(({ severity, rule }) => `${severity} ${rule}`);

describe('the policies of packs', () => {
  // A run takes them as they are, and compiles one when it comes to an object that it is about.
  it.each(KUBERNETES_VERSIONS)('are such that an API server of %s takes them', async kubernetesVersion => {
    const chosen = PACKS.map(pack => ({ pack, level: 'error' as const }));
    const read = readPacks(chosen, Number(kubernetesVersion.split('.')[1])).flatMap(
      ({ policies }) => policies,
    );
    expect(read.length).toBeGreaterThan(20);
    const policies = read
      .flatMap(({ object, bindings }) => [object, ...bindings])
      .map(object => JSON.stringify(object));
    expect(
      shown(await checkYaml({ manifests: '', policies: policies.join('\n---\n'), kubernetesVersion })),
    ).toEqual([]);
    expect(read.filter(({ bindings }) => bindings.length === 0)).toEqual([]);
  });
});

describe('the pack workloads', () => {
  it('has nothing against a workload that keeps to it', async () => {
    expect(await workloads(deployment() + budget)).toEqual([]);
  });

  it.each([
    ['nginx', true],
    ['nginx:latest', true],
    ['registry:5000/nginx', true],
    ['registry:5000/nginx:latest', true],
    ['nginx:1.27', false],
    ['registry:5000/shop/nginx:1.27', false],
    [`nginx@sha256:${'a'.repeat(64)}`, false],
    [`registry:5000/nginx:latest@sha256:${'a'.repeat(64)}`, false],
    ['registry.example/shop/api:unresolved', false],
  ])('wants a fixed tag or digest: %s', async (image, refused) => {
    const manifests = (deployment() + budget).replace('example.org:5000/shop/api:1.2', image);
    expect(await workloads(manifests)).toEqual(refused ? ['error workloads/fixed-images'] : []);
  });

  it.each([
    [
      'requests of cpu',
      'requests: { cpu: 10m, memory: 16Mi }, ',
      'requests: { memory: 16Mi }, ',
      ['error workloads/requests'],
    ],
    ['a memory limit', ', limits: { memory: 16Mi }', '', ['error workloads/memory-limits']],
    [
      'a readiness probe',
      '          readinessProbe: { httpGet: { path: /, port: http } }\n',
      '',
      ['error workloads/readiness-probes'],
    ],
    [
      'a liveness probe',
      '          livenessProbe: { httpGet: { path: /, port: http } }\n',
      '',
      ['warning workloads/liveness-probes'],
    ],
    ['not to be root', 'runAsNonRoot: true, ', '', ['error workloads/no-root']],
    [
      'a read-only root',
      'readOnlyRootFilesystem: true',
      'readOnlyRootFilesystem: false',
      ['error workloads/read-only-root'],
    ],
    [
      'capabilities to be dropped',
      'drop: [ALL]',
      'drop: [NET_RAW]',
      ['error workloads/dropped-capabilities'],
    ],
    ['more than one replica', 'replicas: 2', 'replicas: 1', ['warning workloads/replicas']],
    [
      'a budget for its pods',
      'maxUnavailable: 1, selector: { matchLabels: { app: api } }',
      'maxUnavailable: 1, selector: { matchLabels: { app: web } }',
      ['warning workloads/disruption-budget'],
    ],
  ])('wants %s', async (_title, written, changed, found) => {
    const manifests = deployment() + budget;
    expect(manifests).toContain(written);
    expect(await workloads(manifests.replace(written, changed))).toEqual(found);
  });

  it('counts the replicas that an autoscaler keeps, and none as meant', async () => {
    const autoscaler = (minimum: number): string =>
      `---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: api }\nspec: { minReplicas: ${minimum}, maxReplicas: 5, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: api } }\n`;
    const one = deployment().replace('replicas: 2', 'replicas: 1') + budget;
    expect(await workloads(one + autoscaler(3))).toEqual([]);
    expect(await workloads(deployment() + budget + autoscaler(1))).toEqual(['warning workloads/replicas']);
    expect(await workloads(deployment().replace('replicas: 2', 'replicas: 0'))).toEqual([]);
    const keda = (bounds: string): string =>
      `---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: { name: api }\nspec: { ${bounds}scaleTargetRef: { name: api } }\n`;
    expect(await workloads(one + keda('minReplicaCount: 2, '))).toEqual([]);
    expect(await workloads(deployment() + budget + keda('minReplicaCount: 1, '))).toEqual([
      'warning workloads/replicas',
    ]);
    // KEDA scales to nothing where it is told no minimum.
    expect(await workloads(one + keda(''))).toEqual([]);
  });

  it.each([
    [
      'the file system and the capabilities of Windows pods, which the API server forbids',
      'securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }',
      'os: { name: windows }\n      securityContext: { runAsNonRoot: true }',
      'readOnlyRootFilesystem: true\n            capabilities: { drop: [ALL] }',
      'runAsNonRoot: true',
    ],
    [
      'requests and limits of containers whose pod has them',
      'resources: { requests: { cpu: 10m, memory: 16Mi }, limits: { memory: 16Mi } }',
      'tty: false',
      'securityContext: { runAsNonRoot: true,',
      'resources: { requests: { cpu: 10m }, limits: { memory: 16Mi } }\n      securityContext: { runAsNonRoot: true,',
    ],
    [
      'runAsNonRoot beside another user',
      'runAsNonRoot: true',
      'runAsUser: 1000',
      'drop: [ALL]',
      'drop: [ALL]',
    ],
  ])('does not ask for %s', async (_title, written, changed, other, also) => {
    const manifests = deployment() + budget;
    expect([manifests.includes(written), manifests.includes(other)]).toEqual([true, true]);
    expect(await workloads(manifests.replace(written, changed).replace(other, also))).toEqual([]);
  });

  it('takes a user of a container for that of the pod, and root for root', async () => {
    const pod = deployment().replace('runAsNonRoot: true', 'runAsUser: 1000') + budget;
    const container = 'allowPrivilegeEscalation: false';
    expect(await workloads(pod.replace(container, `${container}\n            runAsUser: 0`))).toEqual([
      'error workloads/no-root',
    ]);
  });

  it('reports Pods without a controller, but for those of a Helm hook', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'alone' }, spec: podSpec({}) };
    expect(await workloads(JSON.stringify(pod))).toContain('error workloads/no-bare-pods');
    const owned = {
      ...pod,
      metadata: {
        ...pod.metadata,
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'a', uid: '1' }],
      },
    };
    expect(await workloads(JSON.stringify(owned))).not.toContain('error workloads/no-bare-pods');
    const hook = { ...pod, metadata: { ...pod.metadata, annotations: { 'helm.sh/hook': 'test' } } };
    expect(await workloads(JSON.stringify(hook))).not.toContain('error workloads/no-bare-pods');
  });

  it('says what is wrong with which container, on its line', async () => {
    const manifests = `${deployment({ pod: '      initContainers: [{ name: first, image: a:1, resources: { limits: { cpu: 1, memory: 1Gi } } }]' })}${budget}`;
    const found = await checkYaml({ manifests, packs: ['workloads'] });
    expect(shown(found)).toEqual([
      'error workloads/read-only-root 13:24',
      'error workloads/dropped-capabilities 13:24',
    ]);
    expect(found[0]).toMatchObject({
      message: 'container "first" must have a read-only root filesystem',
      pointer: '/spec/template/spec/initContainers/0/securityContext',
    });
  });
});

describe('packs', () => {
  it.each(PACKS)('%s is there for every version', async pack => {
    for (const kubernetesVersion of ['1.33', '1.34', '1.35', '1.36', '1.37'])
      expect(await checkYaml({ manifests: deployment() + budget, packs: [pack], kubernetesVersion })).toEqual(
        [],
      );
  });

  it('are refused by a wrong name, with the nearest right one', async () => {
    const refused = checkYaml({ manifests: deployment(), packs: ['pod-security/restrcted'] });
    await expect(refused).rejects.toMatchObject({ code: 'unknown-pack' });
    await expect(refused).rejects.toThrow('did you mean "pod-security/restricted"?');
  });

  it('do not say a thing twice where one asks for more than another', async () => {
    const manifests = (deployment() + budget)
      .replace('drop: [ALL]', 'drop: [NET_RAW]')
      .replace('runAsNonRoot: true, ', '');
    const found = await checkYaml({
      manifests,
      packs: ['workloads', 'pod-security/restricted', 'pod-security/baseline'],
    });
    expect(found.map(({ rule }) => rule).toSorted()).toEqual([
      'pod-security/restricted/drop-capabilities',
      'pod-security/restricted/run-as-non-root',
    ]);
  });
});
