/**
 * What `init` makes of the test repositories: lines that remain to be written by hand, files moved, findings of the packs, what BuildKit's
 * linter finds, and, where Debian has the base images, the image's size and user and the minutes from the empty cache of the builder to a
 * release that verify-rollout passed on a real node. `npm run bench -- init [names]`; bench/results/init.md keeps the table.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type Contribution, contributionsFor, readRepositoryFiles } from '@slipway/starter';
import { startTestbed, type Testbed } from '@slipway/testbed';
import { connect, createNamespace } from '@slipway/testkit/cluster';
import { deployObjects } from '@slipway/testkit/releases';
import { makeRepository, REPOSITORIES, type TestRepository, UNSEEN } from '@slipway/testkit/repositories';
import { parseDocuments, toJson } from '@slipway/yaml';
import { askSlipway } from './answers.ts';
import { type Builder, build, debianImage } from './init/debian-images.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '..');
const NAME = 'shop';
const COLUMNS = [
  'repository',
  'services',
  'written by hand',
  'files moved',
  'guesses',
  'findings',
  'built',
  'image',
  'user',
  'verified release',
];

interface Row {
  readonly services: string;
  readonly guesses: number;
  readonly findings: string;
  readonly built: string;
  readonly image: string;
  readonly user: string;
  readonly verified: string;
}

async function rowOf(repository: TestRepository, testbed: Testbed): Promise<Row> {
  const folder = join(await mkdtemp(join(tmpdir(), 'slipway-init-')), NAME);
  await cp(await makeRepository(repository), folder, { recursive: true, verbatimSymlinks: true });
  const contribution = await contributionsFor({
    files: readRepositoryFiles(folder),
    name: NAME,
    answers: {},
  });
  await writeAll(folder, contribution);
  const guesses = contribution.files.reduce((sum, { text }) => sum + text.split('# guess: ').length - 1, 0);
  const services = contribution.services.map(({ name }) => name).join(', ');
  const findings = await findingsIn(folder, contribution);
  return { services, guesses, findings, ...(await delivered(repository, folder, contribution, testbed)) };
}

/** YAML reads JSON; the program writes it as people do. */
async function writeAll(folder: string, { files, services, formations }: Contribution): Promise<void> {
  const application = {
    apiVersion: 'slipway.dev/v1',
    kind: 'Application',
    metadata: { name: NAME },
    spec: {
      registry: 'registry.example/acme/shop',
      services: Object.fromEntries(services.map(({ name, service }) => [name, service])),
    },
  };
  const own = formations.map(({ name, namespace, packs = [] }) => ({
    path: `formations/${name}.yaml`,
    text: JSON.stringify({
      apiVersion: 'slipway.dev/v1',
      kind: 'Formation',
      metadata: { name },
      spec: { destinations: { main: { namespace } }, policies: { packs } },
    }),
  }));
  for (const { path, text } of [
    ...files,
    ...own,
    { path: 'slipway.yaml', text: JSON.stringify(application) },
  ]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: 'wx' });
  }
}

async function findingsIn(folder: string, { formations }: Contribution): Promise<string> {
  if (formations.length === 0) return 'nothing to check';
  const program = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: { slipway: string };
  };
  const [, ...args] = program.scripts.slipway.split(' ');
  const call = [...args.map(arg => (arg.endsWith('.ts') ? join(ROOT, arg) : arg)), 'check', '--json'];
  const { stdout } = await run(process.execPath, call, { cwd: folder, maxBuffer: 2 ** 26 }).catch(
    (error: { stdout: string; stderr: string }) => {
      if (error.stdout.startsWith('{')) return error;
      throw new Error(error.stderr);
    },
  );
  const { findings } = JSON.parse(stdout) as { findings: readonly { severity: string; rule: string }[] };
  return findings.length === 0
    ? '0'
    : findings.map(({ severity, rule }) => `${severity}: ${rule}`).join(', ');
}

type Delivered = Omit<Row, 'services' | 'guesses' | 'findings'>;
const NOTHING: Delivered = { built: '–', image: '–', user: '–', verified: '–' };

async function delivered(
  repository: TestRepository,
  folder: string,
  contribution: Contribution,
  testbed: Testbed,
): Promise<Delivered> {
  const started = performance.now();
  const images: Record<string, string> = {};
  const seen: { image: string; user: string }[] = [];
  try {
    for (const { name, service } of contribution.services) {
      if (service.build === undefined)
        return { ...NOTHING, built: `not built: the ready-made ${service.image} cannot be fetched` };
      const { context, dockerfile = 'Dockerfile' } = service.build;
      const source = join(folder, context);
      const replaced = await replacements(
        await readFile(join(source, dockerfile), 'utf8'),
        builderOf(testbed),
      );
      if (typeof replaced === 'string') return { ...NOTHING, built: `not built: Debian has no ${replaced}` };
      const repositoryName = `${repository.name}/${name}`;
      const target = `${builderOf(testbed).registry}/${repositoryName}:1`;
      await build(builderOf(testbed), {
        context: source,
        dockerfile: source,
        file: dockerfile,
        target,
        replaced,
      });
      images[name] = target;
      seen.push(await imageOf(builderOf(testbed).registry, repositoryName));
    }
  } catch (error) {
    return { ...NOTHING, built: `failed: ${lastLine(error)}` };
  }
  const built = {
    ...NOTHING,
    built: 'yes',
    image: seen.map(one => one.image).join(', '),
    user: seen.map(one => one.user).join(', '),
  };
  if (contribution.files.some(({ path }) => path === 'config/secrets.yaml'))
    return { ...built, verified: 'needs a secret' };
  return { ...built, verified: await release(repository.name, contribution, images, testbed, started) };
}

function builderOf({ buildkit, registry }: Testbed): Builder {
  return {
    buildctl: buildkit?.buildctl ?? '',
    address: buildkit?.address ?? '',
    registry: registry?.address ?? '',
  };
}

/** Images for all names in FROM that are not stages, or the first that Debian does not have. */
async function replacements(dockerfile: string, builder: Builder): Promise<Record<string, string> | string> {
  const stages = [...dockerfile.matchAll(/ AS (\w+)$/gim)].map(([, name]) => name);
  const images: Record<string, string> = {};
  for (const [, name = ''] of dockerfile.matchAll(/^FROM (\S+)/gim)) {
    if (stages.includes(name)) continue;
    const image = await debianImage(name, builder);
    if (image === undefined) return name;
    images[name] = image;
  }
  return images;
}

async function imageOf(registry: string, repository: string): Promise<{ image: string; user: string }> {
  const accept = {
    accept:
      'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json',
  };
  const answer = await fetch(`http://${registry}/v2/${repository}/manifests/1`, { headers: accept });
  const manifest = (await answer.json()) as {
    config: { digest: string };
    layers: readonly { size: number }[];
  };
  const config = (await (
    await fetch(`http://${registry}/v2/${repository}/blobs/${manifest.config.digest}`)
  ).json()) as {
    config: { User?: string };
  };
  const bytes = manifest.layers.reduce((sum, { size }) => sum + size, 0);
  return { image: `${Math.round(bytes / 1e6)} MB`, user: config.config.User ?? 'root' };
}

async function release(
  name: string,
  { files }: Contribution,
  images: Readonly<Record<string, string>>,
  { cluster }: Testbed,
  started: number,
): Promise<string> {
  if (cluster === undefined) return 'no cluster';
  const client = await connect(cluster.kubeconfig);
  try {
    const namespace = await createNamespace(client, name);
    const stencils = files.filter(({ path }) => path.startsWith('stencils/'));
    const objects = stencils.flatMap(({ path, text }) =>
      parseDocuments(
        text.replaceAll(/\$\{image\.([\w-]+)\}/g, (_, one: string) => images[one] ?? one),
        path,
      ).map(document => toJson(document.root) as unknown as KubernetesObject),
    );
    const released = await deployObjects(client, { namespace }, objects);
    const { said, summary } = await askSlipway(released, cluster, { timeout: '180s' });
    const minutes = ((performance.now() - started) / 60_000).toFixed(1);
    return said === 'succeeded' ? `${minutes} min` : `${said}: ${summary}`;
  } finally {
    client.close();
  }
}

function lastLine(error: unknown): string {
  const text = `${(error as { stderr?: string }).stderr ?? error}`;
  return (
    text
      .trim()
      .split('\n')
      .findLast(line => /error|failed/i.test(line)) ?? text.slice(-200)
  ).slice(0, 200);
}

const names = process.argv.slice(2);
const chosen = [...REPOSITORIES, ...UNSEEN].filter(({ name }) => names.length === 0 || names.includes(name));
const testbed = await startTestbed({ parts: ['cluster', 'registry', 'buildkit', 'node'], nodes: 0 });
try {
  console.log(`| ${COLUMNS.join(' | ')} |\n|${'---|'.repeat(COLUMNS.length)}`);
  for (const repository of chosen) {
    const row = await rowOf(repository, testbed).catch((error: unknown) => lastLine(error));
    const cells =
      typeof row === 'string'
        ? [repository.what, row]
        : [
            repository.what,
            row.services,
            0,
            0,
            row.guesses,
            row.findings,
            row.built,
            row.image,
            row.user,
            row.verified,
          ];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  await testbed.stop();
}
console.log(
  `\nNode ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}.`,
);
