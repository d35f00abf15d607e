import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import { useCluster } from '@slipway/testbed/jest';
import { createJob, type Job, runStep, type StepResult } from '@slipway/testbed/runner';

const cluster = useCluster();

const DIGEST = `sha256:${'a'.repeat(64)}`;
const PASSWORD = 'p@ss/word';

const FILES = {
  'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec:
  registry: registry.example/shop
  services:
    api: {image: docker.io/library/api:1}
  paths: [platform]
`,
  'platform/stencils/shared.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\ndata: {level: "${config.level}"}\n',
  'platform/config/shared.yaml':
    'apiVersion: slipway.dev/v1\nkind: Config\nspec: {values: {"*.*.level": info}}\n',
  'formations/staging.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: staging}
spec:
  kubernetes: "1.36"
  name-prefix: s-
  sources:
    api:
      helm:
        chart: charts/api
        values: {image: "\${image.api}", password: "\${secret.database.password}"}
    settings:
      kustomize: {directory: settings}
  destinations:
    main: {namespace: chart}
`,
  'config/database.yaml': `apiVersion: slipway.dev/v1
kind: Config
spec:
  secrets:
    "*.*.database.password": {from: env, name: DATABASE_PASSWORD}
`,
  'charts/api/Chart.yaml': 'apiVersion: v2\nname: api\nversion: 1.0.0\n',
  'charts/api/templates/secret.yaml': `apiVersion: v1
kind: Secret
metadata:
  name: database
data:
  password: {{ .Values.password | b64enc }}
`,
  'charts/api/templates/api.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
      annotations:
        checksum/secret: {{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum }}
    spec:
      containers:
        - name: api
          image: {{ .Values.image }}
          envFrom: [{secretRef: {name: database}}]
`,
  'charts/api/templates/migrate.yaml': `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {helm.sh/hook: "pre-install,pre-upgrade"}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: {{ .Values.image }}
`,
  'settings/kustomization.yaml': 'resources: [settings.yaml]\ncommonAnnotations: {team: shop}\n',
  'settings/settings.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: info}\n',
  'snapshot.json': JSON.stringify({
    apiVersion: 'slipway.dev/v1',
    kind: 'Snapshot',
    application: 'shop',
    deploymentTag: 'v1',
    created: '2026-11-20T10:00:00Z',
    registry: 'registry.example/shop',
    images: { api: { name: 'registry.example/shop/api', digest: DIGEST, origin: 'retagged' } },
  }),
};

const folder = mkdtempSync(join(tmpdir(), 'slipway-chart-'));
let path: string;
beforeAll(async () => {
  const programs = await Promise.all([toolPath('helm'), toolPath('kubectl')]);
  path = [...programs.map(program => dirname(program)), '/usr/bin', '/bin'].join(':');
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, 'workspace', name)), { recursive: true });
    writeFileSync(join(folder, 'workspace', name), text);
  }
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

function kubectl(...args: readonly string[]): string {
  const { kubectl = '', kubeconfig = '' } = cluster;
  return execFileSync(kubectl, ['--kubeconfig', kubeconfig, '-n', 'chart', ...args], {
    encoding: 'utf8',
    env: { HOME: folder, KUBECACHEDIR: folder },
  });
}

const RULE = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: two-replicas}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]
  validations: [{expression: "object.spec.replicas >= 2", message: one replica is not enough}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: two-replicas}
spec: {policyName: two-replicas, validationActions: [Deny]}
`;

async function step(job: Job, name: string, inputs: Record<string, string>): Promise<StepResult> {
  const environment = name === 'deploy' ? { DATABASE_PASSWORD: PASSWORD } : {};
  const result = await runStep(job, {
    action: resolve(import.meta.dirname, '../actions', name),
    inputs,
    environment,
  });
  expect([name, result.exitCode, result.exitCode === 0 ? '' : result.log]).toEqual([name, 0, '']);
  return result;
}

async function release(job: Job): Promise<StepResult> {
  const { manifests = '', digest = '' } = (await step(job, 'render-stencil', { snapshot: 'snapshot.json' }))
    .outputs;
  await step(job, 'policy-check', { manifests });
  const kubeconfig = cluster.kubeconfig;
  return await step(job, 'deploy', { manifests, digest, kubeconfig, secrets: 'env=DATABASE_PASSWORD' });
}

describe('a chart and a directory of Kustomize', () => {
  it('are rendered, checked and deployed, the secret of the chart opened only in the cluster, and nothing changes the second time', async () => {
    kubectl('create', 'namespace', 'chart');
    const job = createJob({ workspace: join(folder, 'workspace'), directory: folder, path });
    const first = await release(job);
    const used = kubectl(
      'get',
      'deployment',
      's-api',
      '-o',
      'jsonpath={.spec.template.spec.containers[0].envFrom[0].secretRef.name}',
    );
    expect(used).toMatch(/^s-database-\w+/);
    const password = kubectl('get', 'secret', used, '-o', 'jsonpath={.data.password}');
    expect(Buffer.from(password, 'base64').toString()).toBe(PASSWORD);
    expect(
      kubectl('get', 'deployment', 's-api', '-o', 'jsonpath={.spec.template.spec.containers[0].image}'),
    ).toBe(`registry.example/shop/api@${DIGEST}`);
    expect(kubectl('get', 'jobs', '-o', 'name')).toMatch(/^job\.batch\/s-migrate-\w+\n$/);
    expect(kubectl('get', 'configmap', 's-settings', '-o', 'jsonpath={.metadata.annotations.team}')).toBe(
      'shop',
    );
    expect(Number(first.outputs['changes'])).toBeGreaterThan(0);
    expect((await release(job)).outputs['changes']).toBe('0');
  });

  it('are held to the policies of a shared folder by deploy itself', async () => {
    const job = createJob({ workspace: join(folder, 'workspace'), directory: folder, path });
    const { outputs } = await step(job, 'render-stencil', { snapshot: 'snapshot.json' });
    mkdirSync(join(folder, 'workspace/platform/policies'));
    writeFileSync(join(folder, 'workspace/platform/policies/replicas.yaml'), RULE);
    const { manifests = '' } = outputs;
    const refused = await runStep(job, {
      action: resolve(import.meta.dirname, '../actions/deploy'),
      inputs: { manifests, kubeconfig: cluster.kubeconfig, secrets: 'env=DATABASE_PASSWORD' },
      environment: { DATABASE_PASSWORD: PASSWORD },
    });
    expect(refused.exitCode).toBe(1);
    expect(refused.annotations).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        file: 'charts/api/templates/api.yaml',
        message: expect.stringContaining('one replica is not enough'),
      }),
    );
  });
});
