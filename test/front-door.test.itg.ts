import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type BaseImages, pushBaseImages } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';
import { createJob, type Job, runStep, type StepResult } from '@slipway/testbed/runner';
import { load } from 'js-yaml';
import { blocksOf, filesOf } from './support/page-blocks.ts';
import { ROOT } from './support/sources.ts';

const testbed = useTestbed({ parts: ['cluster', 'registry', 'buildkit', 'node'], nodes: 0 });

const MINUTES = 60_000;
const run = promisify(execFile);

let images: BaseImages;

beforeAll(async () => {
  images = await pushBaseImages(running().registry);
}, 10 * MINUTES);

function running() {
  const { cluster, registry, buildkit } = testbed;
  if (!cluster || !registry || !buildkit) throw new Error('the testbed came up without all of its parts');
  return { cluster, registry, buildkit };
}

/** A repository with these files beside a checkout of Slipway, whose images come from and go to the testbed's registry. */
async function createRepository(
  name: string,
  files: ReadonlyMap<string, string>,
  folder = 'repository',
): Promise<string> {
  const directory = join(testbed.directory, name, folder);
  await mkdir(directory, { recursive: true });
  await symlink(ROOT, join(testbed.directory, name, 'slipway'));
  await git(directory, 'init', '--quiet', '--initial-branch=main');
  await git(directory, 'remote', 'add', 'origin', 'https://github.com/acme/hello');
  await commit(directory, files);
  return directory;
}

async function commit(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), onTestbed(text));
  }
  await git(directory, 'add', '--all');
  await git(directory, 'commit', '--quiet', '--message', 'A change');
}

function onTestbed(text: string): string {
  return text
    .replaceAll('docker.io/library/busybox:1.37', images.base.name)
    .replaceAll('ghcr.io/acme', `${running().registry.address}/acme`);
}

async function git(directory: string, ...args: readonly string[]): Promise<void> {
  await run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', ...args], { cwd: directory });
}

function pathOfTools(): string {
  const { cluster, buildkit } = running();
  const tools = [dirname(process.execPath), dirname(cluster.kubectl), dirname(buildkit.buildctl)];
  return [...tools, process.env['PATH']].join(':');
}

function startJob(workspace: string): Job {
  return createJob({
    workspace,
    directory: testbed.directory,
    path: pathOfTools(),
    repository: 'acme/hello',
    environment: { BUILDKIT_HOST: running().buildkit.address },
  });
}

async function runPipeline(workspace: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  return await runStep(startJob(workspace), { action: ROOT, inputs });
}

type Inputs = Readonly<Record<string, string>>;

interface ReadJob {
  readonly [field: string]: unknown;
  readonly steps: readonly { readonly uses?: string; readonly with?: Inputs }[];
}

/** The job of .github/workflows/release.yml, and the inputs of its steps that are Slipway's. */
async function releaseJob(repository: string): Promise<{ job: ReadJob; steps: readonly Inputs[] }> {
  const text = await readFile(join(repository, '.github/workflows/release.yml'), 'utf8');
  const { jobs } = load(text) as { jobs: { release: ReadJob } };
  const own = jobs.release.steps.filter(({ uses }) => uses === 'slipway-dev/slipway@v1');
  return { job: jobs.release, steps: own.map(step => step.with ?? {}) };
}

/** Runs the steps of release.yml in one job, each with what the first one left; gives what all of them said. */
async function runRelease(workspace: string, kubeconfig: string): Promise<StepResult> {
  const job = startJob(workspace);
  const { steps } = await releaseJob(workspace);
  let said: StepResult | undefined;
  for (const step of steps) {
    const outputs = said?.outputs ?? {};
    const filled = Object.entries(step).map(([name, value]) => [
      name,
      value
        .replace('${{ secrets.KUBECONFIG }}', () => kubeconfig)
        .replace("${{ inputs.adopt == 'yes' }}", 'false')
        .replace(
          /\$\{\{ steps\.prepare\.outputs\.([a-z-]+) \}\}/,
          (_, output: string) => outputs[output] ?? '',
        ),
    ]);
    const result = await runStep(job, { action: ROOT, inputs: Object.fromEntries(filled) });
    said = { ...result, log: (said?.log ?? '') + result.log, outputs: { ...outputs, ...result.outputs } };
    if (said.exitCode !== 0) return said;
  }
  if (said === undefined) throw new Error('release.yml has no step of Slipway');
  return said;
}

describe('docs/start.md, for code and no manifests', () => {
  let files: Map<string, string>;
  let shown: readonly string[];
  let directory: string;
  let first: StepResult;
  let broken: StepResult;
  const said: string[] = [];

  beforeAll(async () => {
    const blocks = blocksOf(await readFile(join(ROOT, 'docs/start.md'), 'utf8'));
    files = filesOf(blocks);
    // The first three minutes are for repositories that have manifests: test/first-comment.test.itg.ts.
    files.delete('.github/workflows/review.yml');
    shown = blocks
      .filter(({ language }) => language === 'text')
      .flatMap(({ text }) => text.trim().split('\n'));
    directory = await createRepository('start', files, 'hello');
    const home = join(testbed.directory, 'start');
    said.push(await runCommands('node ../slipway/dist/slipway.js init --yes', home));
    said.push(await runCommands('node ../slipway/dist/slipway.js check', home));
    await commit(
      directory,
      new Map([['slipway.yaml', await readFile(join(directory, 'slipway.yaml'), 'utf8')]]),
    );
    const byHand = blocksOf(await readFile(join(ROOT, 'docs/setup.md'), 'utf8')).find(({ text }) =>
      text.includes('set-cluster'),
    );
    await runCommands(byHand?.text ?? '', home);
    const kubeconfig = await readFile(join(home, 'hello-deployer.kubeconfig'), 'utf8');
    first = await runRelease(directory, kubeconfig);
    const dockerfile = blocks.filter(({ language }) => language === 'dockerfile').at(-1)?.text ?? '';
    const misspelt = files.get('Dockerfile')?.replace(/^CMD .*\n/m, dockerfile) ?? '';
    await commit(directory, new Map([['Dockerfile', misspelt]]));
    broken = await runRelease(directory, kubeconfig);
  }, 10 * MINUTES);

  async function runCommands(text: string, home: string): Promise<string> {
    const { cluster } = running();
    const env = { PATH: pathOfTools(), HOME: home, KUBECONFIG: cluster.kubeconfig };
    const { stdout } = await run('sh', ['-euc', text], { cwd: directory, env });
    return stdout;
  }

  it('has two files, and the program writes the others, with a workflow of the steps that the test runs', async () => {
    expect([...files.keys()]).toEqual(['Dockerfile', 'index.html']);
    expect(said[0]).toContain('wrote stencils/');
    expect(said[1]).toContain('staging/main: passed');
    const { job, steps } = await releaseJob(directory);
    expect(job['environment']).toBe('staging');
    expect(steps).toEqual([
      { steps: 'build, render, check', formation: 'staging', 'expected-waves': '1:staging/main=staging' },
      expect.objectContaining({ steps: 'render, deploy, verify', kubeconfig: '${{ secrets.KUBECONFIG }}' }),
    ]);
  });

  it('leads to a verified release, by an identity that was made by hand', () => {
    expect(first.exitCode === 0 ? '' : first.log).toBe('');
    expect(first.outputs).toMatchObject({
      release: '1',
      'check-verdict': 'passed',
      'verify-verdict': 'succeeded',
    });
  });

  it('shows what a release that cannot start says, and that it is rolled back', () => {
    expect(broken.outputs).toMatchObject({ 'verify-verdict': 'rolled-back' });
    const log = linesOf(broken.log).join('\n');
    const failed = shown.filter(line => line.startsWith('Deployment '));
    expect(failed.length).toBe(1);
    for (const line of failed.flatMap(linesOf)) expect(log).toContain(line);
  });
});

describe('README.md', () => {
  let directory: string;
  let shown: readonly string[];
  let release: StepResult;
  let crash: StepResult;
  let mistake: StepResult;

  beforeAll(async () => {
    const { cluster } = running();
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    const blocks = blocksOf(readme);
    shown = blocks.filter(({ language }) => language === 'text').map(({ text }) => text);
    const files = new Map(
      (blocks[0]?.text ?? '').split(/^# (?=\S+\.yaml\n)/m).flatMap(part => {
        const [, path = '', text = ''] = /^(\S+)\n(.*)$/s.exec(part) ?? [];
        return path === '' ? [] : [[path, text.replace(/^# the step in .*/ms, '')] as const];
      }),
    );
    expect([...files.keys()]).toEqual(['slipway.yaml', 'stencils/web.yaml', 'formations/staging.yaml']);
    await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, 'create', 'namespace', 'readme']);
    const kubeconfig = await readFile(cluster.kubeconfig, 'utf8');
    directory = await createRepository('readme', files);
    const step = async (changes: Readonly<Record<string, string>>): Promise<StepResult> => {
      await commit(directory, new Map(Object.entries(changes)));
      return await runPipeline(directory, { formation: 'staging', kubeconfig });
    };
    const formation =
      files.get('formations/staging.yaml')?.replace('namespace: hello', 'namespace: readme') ?? '';
    release = await step({
      'formations/staging.yaml': formation,
      Dockerfile: dockerfile('exec httpd -p 8080'),
    });
    crash = await step({ Dockerfile: dockerfile('echo cannot start: DATABASE_URL is not set; exit 3') });
    const stencil = files.get('stencils/web.yaml')?.replace('image:', 'readynessProbe: {}, image:') ?? '';
    mistake = await step({ 'stencils/web.yaml': stencil });
  }, 10 * MINUTES);

  function dockerfile(command: string): string {
    return `FROM docker.io/library/busybox:1.37\nCMD ["sh", "-c", "${command}"]\n`;
  }

  it('has an example of 20 lines that leads to a verified release', () => {
    expect(release.exitCode === 0 ? '' : release.log).toBe('');
    expect(release.outputs).toMatchObject({ release: '1', 'verify-verdict': 'succeeded' });
  });

  it('shows what a crash loop really prints', () => {
    expect(crash.outputs).toMatchObject({ 'verify-verdict': 'rolled-back' });
    for (const line of linesOf(shown[0] ?? '')) expect(linesOf(crash.log)).toContain(line);
  });

  it('shows what a mistake in a manifest really prints', () => {
    expect(mistake.outputs).toMatchObject({ 'check-verdict': 'failed' });
    for (const line of linesOf(shown[1] ?? '')) expect(linesOf(mistake.log)).toContain(line);
  });
});

/** The lines of a log without what is different in each run: names of pods, durations and counts of restarts. */
function linesOf(log: string): string[] {
  return log
    .replaceAll(/\b(web|hello)-[0-9a-f]{6,10}(?:-[a-z0-9]{5})?\b/g, '$1-…')
    .replaceAll(/^ +[\d.]+ s /gm, '    … s ')
    .replaceAll(/\d+ restarts?\)/g, '… restarts)')
    .replaceAll('readme/web', 'hello/web')
    .replace(/^Error:/gm, 'error:')
    .split('\n')
    .filter(line => line !== '');
}
