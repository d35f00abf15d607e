import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type BaseImages, pushBaseImages, toolPath } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { commit, type Files, repository } from '@slipway/testkit/git';
import { blocksIn, filesOf } from './support/page-blocks.ts';
import { ROOT } from './support/sources.ts';

const run = promisify(execFile);

const CHART: Files = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
  'chart/values.yaml': 'image: { repository: ghcr.io/acme/hello, tag: latest }\nreplicas: 1\n',
  'chart/templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }}, labels: { app.kubernetes.io/managed-by: {{ .Release.Service }} } }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports: [{ name: http, containerPort: 8080 }]
---
apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
`,
  'values/production.yaml': 'replicas: 2\n',
};

const BASE: Files = {
  'deploy/base/kustomization.yaml':
    'resources: [web.yaml]\nconfigMapGenerator: [{ name: settings, literals: [GREETING=hello] }]\n',
  'deploy/base/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: web, image: web, envFrom: [{ configMapRef: { name: settings } }] }]
`,
};

describe('docs/migrating.md', () => {
  const testbed = useTestbed({ parts: ['cluster', 'registry', 'buildkit'] });
  let images: BaseImages;
  let kubeconfig: string;
  let helm: string;
  let page: string;
  /** The blocks of the page that are the formation: of a chart, and of a Kustomize directory. */
  let formations: readonly string[];

  beforeAll(async () => {
    images = await pushBaseImages(testbed.registry);
    helm = await toolPath('helm');
    page = await readFile(join(ROOT, 'docs/migrating.md'), 'utf8');
    formations = blocksIn(page, 'yaml').filter(text => text.startsWith('# formations/production.yaml\n'));
    kubeconfig = (await readFile(testbed.cluster.kubeconfig, 'utf8'))
      .replaceAll('name: testbed', 'name: production')
      .replaceAll(/: testbed$/gm, ': production');
  }, 600_000);

  async function tool(program: string, ...args: readonly string[]): Promise<string> {
    const env = {
      KUBECONFIG: testbed.cluster.kubeconfig,
      PATH: process.env['PATH'],
      HOME: testbed.directory,
    };
    return (await run(program, args, { env })).stdout;
  }

  async function kubectl(...args: readonly string[]): Promise<string> {
    return await tool(testbed.cluster.kubectl, ...args);
  }

  /** An application with the slipway.yaml of docs/adopting.md, whose images come from and go to the testbed's registry. */
  async function application(files: Files): Promise<Files> {
    const [described = ''] = blocksIn(await readFile(join(ROOT, 'docs/adopting.md'), 'utf8'), 'yaml');
    return {
      ...files,
      Dockerfile: `FROM ${images.base.name}\nCMD ["httpd", "-p", "8080"]\n`,
      'slipway.yaml': described.replace('ghcr.io/acme', `${testbed.registry.address}/acme`),
    };
  }

  async function release(folder: string, inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> {
    const { cluster, buildkit } = testbed;
    const tools = [process.execPath, cluster.kubectl, buildkit.buildctl, helm].map(path => dirname(path));
    const job = createJob({
      workspace: folder,
      directory: testbed.directory,
      path: [...tools, process.env['PATH']].join(':'),
      repository: 'acme/hello',
      environment: { BUILDKIT_HOST: buildkit.address },
    });
    const step = { formation: 'production', kubeconfig, 'stable-for': '1s', ...inputs };
    return await runStep(job, { action: ROOT, inputs: step });
  }

  async function imageOf(namespace: string): Promise<string> {
    const path = 'jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image}';
    return await kubectl('get', 'deployment', 'web', '--namespace', namespace, '--output', path);
  }

  describe('from Helm', () => {
    let folder: string;
    let refused: StepResult;
    let adopted: StepResult;
    let second: StepResult;

    beforeAll(async () => {
      folder = repository(await application({ ...CHART, 'formations/production.yaml': formations[0] ?? '' }));
      const where = ['--namespace', 'hello', '--values', join(folder, 'values/production.yaml')];
      await kubectl('create', 'namespace', 'hello');
      await tool(
        helm,
        'upgrade',
        '--install',
        'web',
        join(folder, 'chart'),
        ...where,
        '--set',
        'image.tag=v1',
      );
      refused = await release(folder);
      adopted = await release(folder, { adopt: 'true' });
      const [remove = ''] = blocksIn(page, 'sh');
      await kubectl(...remove.trim().split('\n').slice(-1).join('').split(' ').slice(1));
      second = await release(folder);
    }, 600_000);

    it('is refused at first, with the name of the release', () => {
      expect(refused.log).toContain('Service hello/web belongs to the Helm release "web"');
      expect(refused.outputs).toMatchObject({ error: 'object-foreign' });
    });

    it('is taken over with its values, and the image of the snapshot', async () => {
      expect(adopted.exitCode === 0 ? '' : adopted.log).toBe('');
      expect(await imageOf('hello')).toMatch(/^2 .*\/acme\/hello\/web@sha256:/);
    });

    it('leaves nothing that helm uninstall would delete', async () => {
      expect(await tool(helm, 'list', '--namespace', 'hello', '--short')).toBe('');
      expect(second.exitCode === 0 ? '' : second.log).toBe('');
      expect(second.outputs).toMatchObject({ release: '2', changes: '0' });
    });

    it('can go back', async () => {
      const flags = ['--take-ownership', '--force-conflicts', '--set', 'image.tag=v1'];
      expect(page).toContain('--take-ownership --force-conflicts');
      await tool(
        helm,
        'upgrade',
        '--install',
        'web',
        join(folder, 'chart'),
        '--namespace',
        'hello',
        ...flags,
      );
      expect(await imageOf('hello')).toBe('1 ghcr.io/acme/hello:v1');
    });
  });

  describe('from kubectl apply -k', () => {
    let adopted: StepResult;

    beforeAll(async () => {
      const there = (text: string): string => text.replaceAll('namespace: hello', 'namespace: hello-k');
      const path = 'deploy/overlays/production/kustomization.yaml';
      const overlay = filesOf(blocksIn(page, 'yaml').map(text => ({ text }))).get(path) ?? '';
      const files = await application({
        ...BASE,
        [path]: there(overlay).replace('"${image.web}"', 'ghcr.io/acme/hello, newTag: v1'),
      });
      const folder = repository(files);
      await kubectl('create', 'namespace', 'hello-k');
      await kubectl('apply', '--kustomize', join(folder, dirname(path)));
      commit(folder, { [path]: there(overlay), 'formations/production.yaml': there(formations[1] ?? '') });
      adopted = await release(folder, { adopt: 'true' });
    }, 600_000);

    it('is taken over with the overlay, and the image of the snapshot', async () => {
      expect(adopted.exitCode === 0 ? '' : adopted.log).toBe('');
      expect(await imageOf('hello-k')).toMatch(/^3 .*\/acme\/hello\/web@sha256:/);
    });
  });
});
