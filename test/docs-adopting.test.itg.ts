import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { pushBaseImages } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';
import { commit, git, scratch, write } from '@slipway/testkit/git';
import { runWorkflow, useLocalActions, type WorkflowRun } from './support/act.ts';
import { DOCKERFILE, WEB } from './support/hello.ts';
import { blocksIn, blocksOf, filesOf } from './support/page-blocks.ts';
import { ROOT } from './support/sources.ts';

const run = promisify(execFile);

const SETTINGS = `---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { GREETING: hello }
`;

describe('docs/adopting.md', () => {
  const testbed = useTestbed({ parts: ['cluster', 'registry', 'buildkit'] });
  let page: string;
  let home: string;
  let repository: string;
  let kubeconfig: string;
  let shown: string;
  let before: string;
  let refused: WorkflowRun;
  let afterRefusal: string;
  let adopted: WorkflowRun;
  let afterAdoption: string;
  let released: WorkflowRun;

  beforeAll(async () => {
    page = await readFile(join(ROOT, 'docs/adopting.md'), 'utf8');
    home = scratch();
    repository = join(home, 'repository');
    await layOut();
    await deployAsBefore();
    before = await live();
    await adopt();
    refused = await runFile('release.yml', 'push');
    afterRefusal = await live();
    adopted = await runFile('release.yml', 'workflow_dispatch', { adopt: 'yes' });
    afterAdoption = await live();
    commit(repository, { 'index.html': '<h1>Good day</h1>\n' }, 'Greet');
    released = await runFile('release.yml', 'push');
  }, 600_000);

  /** A repository with a Dockerfile and `k8s/`, beside a checkout of Slipway. */
  async function layOut(): Promise<void> {
    const { base } = await pushBaseImages(testbed.registry);
    const manifests = WEB.replace('${image.web}', 'ghcr.io/acme/hello:latest').replace(
      /^( +)readinessProbe:/m,
      '$1envFrom: [{ configMapRef: { name: settings } }]\n$&',
    );
    await mkdir(repository);
    await symlink(ROOT, join(home, 'slipway'));
    git(repository, 'init', '--quiet', '--initial-branch=main');
    git(repository, 'remote', 'add', 'origin', 'https://github.com/acme/hello');
    commit(repository, {
      Dockerfile: DOCKERFILE.replace('docker.io/library/busybox:1.37', base.name),
      'index.html': '<h1>Hello</h1>\n',
      'k8s/web.yaml': manifests + SETTINGS,
    });
  }

  /** What the team did until today: kubectl apply, and a variable that someone set by hand. */
  async function deployAsBefore(): Promise<void> {
    const role = await readFile(join(ROOT, 'examples/roles/deployer.yaml'), 'utf8');
    write(home, { 'role.yaml': role.replaceAll('namespace: shop', 'namespace: hello') });
    await kubectl('create', 'namespace', 'hello');
    await kubectl('apply', '--filename', join(home, 'role.yaml'));
    await kubectl('apply', '--namespace', 'hello', '--filename', join(repository, 'k8s'));
    await kubectl('set', 'env', 'deployment/web', 'DEBUG=1', '--namespace', 'hello');
    const file = await testbed.cluster.userKubeconfig('deployer');
    await run(testbed.cluster.kubectl, [
      '--kubeconfig',
      file,
      'config',
      'rename-context',
      await contextOf(file),
      'production',
    ]);
    kubeconfig = await readFile(file, 'utf8');
  }

  async function contextOf(file: string): Promise<string> {
    const args = ['--kubeconfig', file, 'config', 'current-context'];
    return (await run(testbed.cluster.kubectl, args)).stdout.trim();
  }

  /** The files by hand, as the page has them. */
  async function adopt(): Promise<void> {
    const [change = '', look = ''] = blocksIn(page, 'sh');
    await shell(change);
    const files = filesOf(blocksOf(page));
    write(repository, Object.fromEntries([...files].map(([path, text]) => [path, onTestbed(text)])));
    git(repository, 'add', '--all');
    shown = await shell(look.replaceAll('/tmp/hello', join(home, 'out')));
    await useLocalActions(repository);
    commit(repository, {}, 'Adopt Slipway');
  }

  function onTestbed(text: string): string {
    return text
      .replaceAll('ghcr.io/acme', `${testbed.registry.address}/acme`)
      .replace('stable-for: 30s', 'stable-for: 2s');
  }

  async function shell(text: string): Promise<string> {
    const { kubectl: program, kubeconfig: admin } = testbed.cluster;
    const path = [dirname(process.execPath), dirname(program), process.env['PATH']].join(':');
    const env = { PATH: path, HOME: home, KUBECONFIG: admin };
    return (await run('sh', ['-euc', text], { cwd: repository, env })).stdout;
  }

  async function kubectl(...args: readonly string[]): Promise<string> {
    const { kubectl: program, kubeconfig: admin } = testbed.cluster;
    return (await run(program, ['--kubeconfig', admin, ...args])).stdout;
  }

  /** The generation of the Deployment, which every change of its spec raises, and the names of all objects. */
  async function live(): Promise<string> {
    const names = 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.generation}{"\\n"}{end}';
    return await kubectl(
      'get',
      'deployments,services,configmaps,secrets',
      '--namespace',
      'hello',
      '--output',
      names,
    );
  }

  async function container(field: string): Promise<string> {
    const path = `jsonpath={.spec.template.spec.containers[0].${field}}`;
    return await kubectl('get', 'deployment', 'web', '--namespace', 'hello', '--output', path);
  }

  async function runFile(
    file: string,
    event: 'push' | 'workflow_dispatch',
    inputs: Readonly<Record<string, string>> = {},
  ): Promise<WorkflowRun> {
    return await runWorkflow({
      repository,
      file,
      event,
      payload: { inputs },
      secrets: { KUBECONFIG: kubeconfig },
      environment: { BUILDKIT_HOST: testbed.buildkit.address },
      path: [dirname(testbed.buildkit.buildctl), '/usr/bin:/bin'].join(':'),
      home: scratch(),
    });
  }

  function complaint({ exitCode, log }: WorkflowRun): string {
    return exitCode === 0 ? '' : log;
  }

  it('has a person write 15 lines, and shows what they become', () => {
    const files = filesOf(blocksOf(page));
    const lines = ['slipway.yaml', 'formations/production.yaml'].map(
      path => (files.get(path) ?? '').trimEnd().split('\n').length,
    );
    expect(lines).toEqual([7, 8]);
    expect(shown).toContain('production/main: passed');
  });

  it('is refused at first by the sentence that the page shows, and writes nothing', () => {
    expect(refused.exitCode).not.toBe(0);
    const [sentence = ''] = blocksIn(page, 'text').filter(text => text.includes('belongs to'));
    const [start = '', end = ''] = sentence.trim().split('"kubectl-client-side-apply"');
    expect(refused.log).toContain(start);
    expect(refused.log).toContain(end);
    expect(afterRefusal).toBe(before);
  });

  it('shows with the refusal what adopting changes', () => {
    expect(refused.log).toContain('With adopt, which takes over what belongs to others: ');
    expect(refused.log).toContain('DEBUG');
  });

  it('leads to a verified release, without what others had set', async () => {
    expect(complaint(adopted)).toBe('');
    expect(adopted.log).toContain('Release 1 of hello/production');
    expect(afterAdoption).not.toBe(before);
    expect(await container('env')).toBe('');
  });

  it('needs nothing special from the second release on', async () => {
    expect(complaint(released)).toBe('');
    expect(released.log).toContain('Release 2 of hello/production');
    expect(await container('image')).toContain('/acme/hello/web@sha256:');
  });

  it('can go back, with every object there', async () => {
    const back = blocksIn(page, 'sh').at(-1) ?? '';
    git(repository, 'checkout', '--quiet', git(repository, 'rev-list', '--max-parents=0', 'HEAD'));
    await shell(back);
    expect(await container('image')).toBe('ghcr.io/acme/hello:latest');
    expect(await live()).toContain('Service/web');
    expect(await kubectl('get', 'secrets,leases', '--namespace', 'hello', '--output', 'name')).toBe('');
    const labels = await kubectl(
      'get',
      'deployment',
      'web',
      '--namespace',
      'hello',
      '--output',
      'jsonpath={.metadata.labels}',
    );
    expect(labels).toBe('{"app":"web"}');
  });
});
