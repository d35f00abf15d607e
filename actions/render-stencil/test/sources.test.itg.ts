import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readRenderedTree } from '@slipway/render';
import { toolPath } from '@slipway/testbed';
import { useCluster } from '@slipway/testbed/jest';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { scratch } from '@slipway/testkit/git';
import { replacing, shopWith } from '@slipway/testkit/shop';

const cluster = useCluster();

const ACTION = resolve(import.meta.dirname, '..');
let path: string;
beforeAll(async () => {
  const programs = await Promise.all([toolPath('helm'), toolPath('kubectl')]);
  path = [...programs.map(program => dirname(program)), '/usr/bin', '/bin'].join(':');
}, 600_000);
function git(cwd: string, ...args: readonly string[]): string {
  const identity = [
    '-c',
    'user.name=Jane',
    '-c',
    'user.email=jane@acme.example',
    '-c',
    'commit.gpgsign=false',
  ];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' }).trim();
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A repository of a team that several applications share, with one commit. */
function sharedRepository(): string {
  const folder = join(scratch(), 'platform');
  write(folder, {
    'stencils/quota.yaml':
      'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: quota}\nspec: {hard: {pods: "${config.platform.pods}"}}\n',
    'config/platform.yaml':
      'apiVersion: slipway.dev/v1\nkind: Config\nspec:\n  values:\n    "*.*": {platform: {pods: 50}}\n    "*.elsewhere.platform.pods": 9\n',
    'charts/sessions/Chart.yaml': 'apiVersion: v2\nname: sessions\nversion: 1.0.0\n',
    'charts/sessions/templates/sessions.yaml': `apiVersion: v1
kind: Secret
metadata:
  name: sessions
stringData:
  password: {{ .Values.password }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: sessions
spec:
  selector:
    matchLabels: {app: sessions}
  template:
    metadata:
      labels: {app: sessions}
    spec:
      containers:
        - name: sessions
          image: {{ .Values.image }}
          envFrom: [{secretRef: {name: sessions}}]
`,
  });
  git(folder, 'init', '--quiet', '--initial-branch', 'main');
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '--message', 'Share');
  return folder;
}

const CANARY = `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: canary }
spec:
  extends: production
  name-prefix: \${formation}-
  labels: { track: "\${formation}" }
  stencils: { exclude: ["name:quota"] }
  sources:
    sessions:
      helm:
        chart: platform/charts/sessions
        values: { image: "\${image.cache}", password: "\${secret.database.password}" }
    extra:
      kustomize: { directory: deploy }
  destinations: { eu: { namespace: shop-eu, context: prod-eu } }
`;

/** The example with its own checkout, and the shared repository checked out in it. */
function checkouts(): string {
  const workspace = shopWith({
    'slipway.yaml': replacing('spec:\n', 'spec:\n  paths: [platform]\n'),
    'formations/canary.yaml': () => CANARY,
    'deploy/kustomization.yaml': () => 'configMapGenerator: [{name: extra, literals: [a=b]}]\n',
  });
  git(workspace, 'init', '--quiet', '--initial-branch', 'main');
  git(workspace, 'add', '.');
  git(workspace, 'commit', '--quiet', '--message', 'Shop');
  git(workspace, 'clone', '--quiet', sharedRepository(), 'platform');
  return workspace;
}

async function render(workspace: string, inputs: Record<string, string>): Promise<StepResult> {
  return await runStep(createJob({ workspace, directory: scratch(), path }), { action: ACTION, inputs });
}

describe('the bundle, with two checkouts', () => {
  it('renders stencils of both, a chart of the second and a directory of Kustomize', async () => {
    const workspace = checkouts();
    const result = await render(workspace, { formation: 'canary' });
    expect([result.exitCode, result.exitCode === 0 ? '' : result.log]).toEqual([0, '']);
    const [canary] = await readRenderedTree(result.outputs['manifests'] ?? '');
    const names = canary?.objects.map(({ object }) => `${object.kind} ${object.metadata.name}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'Deployment canary-api',
        'Deployment canary-sessions',
        'Secret canary-sessions',
        expect.stringMatching(/^ConfigMap canary-extra-\w+$/),
      ]),
    );
    expect(names?.join()).not.toContain('ResourceQuota');
    expect(canary?.rendered).toMatchObject({
      configRevision: git(workspace, 'rev-parse', 'HEAD'),
      sharedRevisions: { platform: git(join(workspace, 'platform'), 'rev-parse', 'HEAD') },
      tools: { helm: expect.stringMatching(/^v/), 'kubectl kustomize': expect.stringMatching(/^v5/) },
      seals: expect.arrayContaining([
        expect.objectContaining({ object: expect.objectContaining({ name: 'canary-sessions' }) }),
      ]),
    });
    const sessions = canary?.objects.find(({ object }) => object.metadata.name === 'canary-sessions');
    expect(sessions?.positionAt('').path).toBe('platform/charts/sessions/templates/sessions.yaml');
    expect(result.summary).toContain('platform/charts/sessions/templates/sessions.yaml');
  });

  it('writes manifests that the API server accepts beside those of the formation that it extends', async () => {
    const { kubectl = '', kubeconfig = '' } = cluster;
    const run = (...args: readonly string[]): string =>
      execFileSync(kubectl, ['--kubeconfig', kubeconfig, ...args], {
        encoding: 'utf8',
        env: { HOME: scratch(), KUBECACHEDIR: scratch() },
      });
    run('create', 'namespace', 'shop-eu');
    const workspace = checkouts();
    const { outputs, exitCode } = await render(workspace, {
      formation: 'production, canary',
      destination: 'eu',
    });
    expect(exitCode).toBe(0);
    for (const formation of ['production', 'canary'])
      run('apply', '--server-side', '-f', join(outputs['manifests'] ?? '', formation, 'eu', 'manifests'));
    const deployments = run('get', 'deployments', '-n', 'shop-eu', '-o', 'name').trim().split('\n');
    expect(deployments).toEqual(
      expect.arrayContaining(['api', 'canary-api', 'canary-sessions'].map(name => `deployment.apps/${name}`)),
    );
    expect(run('get', 'resourcequota', 'quota', '-n', 'shop-eu', '-o', 'jsonpath={.spec.hard.pods}')).toBe(
      '50',
    );
  });

  it('renders the same bytes from other folders, in another job', async () => {
    const [here, there] = await Promise.all([
      render(checkouts(), { formation: 'canary' }),
      render(checkouts(), { formation: 'canary' }),
    ]);
    expect(here.outputs['digest']).toMatch(/^sha256:/);
    expect(here.outputs['digest']).toBe(there.outputs['digest']);
  });

  it('says what to do if the second is not checked out or points elsewhere', async () => {
    const workspace = checkouts();
    git(workspace, 'clean', '--quiet', '-ffdx', 'platform');
    const missing = await render(workspace, {});
    expect(missing.exitCode).toBe(1);
    expect(missing.annotations).toMatchObject([
      {
        file: 'slipway.yaml',
        line: 5,
        message: expect.stringContaining('check out the shared repository before this step'),
      },
    ]);
    symlinkSync(sharedRepository(), join(workspace, 'platform'));
    const linked = await render(workspace, {});
    expect(linked.exitCode).toBe(1);
    expect(linked.log).toContain('points out of the folder that it belongs to');
  });
});
