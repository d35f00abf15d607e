import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Builder,
  buildImage,
  findBuilder,
  type ImageBuild,
  tryImage,
  writeFiles,
  writeImage,
} from '@slipway/build';
import { type Exec, silentLogger } from '@slipway/core';
import {
  createRegistryClient,
  getManifest,
  parseRepository,
  platformsOf,
  pushLayout,
} from '@slipway/registry';
import { pushBaseImages, toolPath } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';

const testbed = useTestbed({ parts: ['registry', 'buildkit'] });

const START = 600_000;
let scratch: string;
let context: string;
let base: string;
let environment: Record<string, string>;

/** As the runner's own `exec`: no shell, lines of both streams, exit codes as results. */
const exec: Exec = async (command, args, { onLine = () => {}, environment: env = environment } = {}) => {
  const child = spawn(command, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  createInterface({ input: child.stdout }).on('line', line => {
    stdout += `${line}\n`;
    onLine(line);
  });
  createInterface({ input: child.stderr }).on('line', line => {
    stderr += `${line}\n`;
    onLine(line);
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, stdout, stderr };
};

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'slipway-build-test-'));
  base = (await pushBaseImages(testbed.registry)).base.name;
  const config = join(scratch, 'docker');
  mkdirSync(join(config, 'cli-plugins'), { recursive: true });
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  cpSync(await toolPath('buildx'), join(bin, 'buildx'));
  const buildctl = dirname(testbed.buildkit?.buildctl ?? '');
  const buildah = dirname(await toolPath('buildah'));
  environment = {
    PATH: `${bin}:${buildctl}:${buildah}:/usr/bin:/bin:/usr/sbin:/sbin`,
    HOME: scratch,
    DOCKER_CONFIG: config,
    ...configureBuildah(),
  };
  const create = [
    'create',
    '--use',
    '--name',
    'testbed',
    '--driver',
    'remote',
    testbed.buildkit?.address ?? '',
  ];
  await promisify(execFile)(join(bin, 'buildx'), create, { env: environment });
}, START);

/** Storage of its own, which is thrown away, and a policy, which Debian has in another package. */
function configureBuildah(): Record<string, string> {
  const storage = join(scratch, 'storage.conf');
  const folders = `graphroot = "${scratch}/storage"\nrunroot = "${scratch}/storage-run"\n`;
  writeFileSync(storage, `[storage]\ndriver = "overlay"\n${folders}`);
  mkdirSync(join(scratch, '.config/containers'), { recursive: true });
  const policy = JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] });
  writeFileSync(join(scratch, '.config/containers/policy.json'), policy);
  return { CONTAINERS_STORAGE_CONF: storage, BUILDAH_ISOLATION: 'chroot' };
}

/** What all builds of this file are given. */
const usual = () => ({
  exec,
  environment,
  plainHttpRegistries: [],
  secrets: new Map<string, Buffer>(),
  temporaryDirectory: scratch,
  onLine: (_line: string): void => {},
  pushLayout: async (layout: string, digest: string, repository: string): Promise<void> => {
    await pushLayout(createRegistryClient(), layout, digest, parseRepository(repository));
  },
});

beforeEach(() => {
  context = mkdtempSync(join(scratch, 'context-'));
  writeFileSync(join(context, 'app.txt'), 'app');
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function imageOf(dockerfile: string, changes: Partial<ImageBuild> = {}): ImageBuild {
  writeFileSync(join(context, 'Dockerfile'), dockerfile);
  return {
    service: 'api',
    context,
    dockerfile: join(context, 'Dockerfile'),
    dockerfileName: 'services/api/Dockerfile',
    contexts: {},
    args: { BASE: base },
    secrets: [],
    platforms: [],
    labels: { 'org.opencontainers.image.revision': 'abc' },
    sourceDateEpoch: 1_700_000_000,
    repository: `${testbed.registry.address}/build/api`,
    plainHttp: true,
    cache: 'none',
    ssh: false,
    ...changes,
  };
}

async function configOf(digest: string) {
  const client = createRegistryClient();
  const repository = parseRepository(`${testbed.registry.address}/build/api`);
  const { content } = await getManifest(client, { ...repository, digest });
  const config = content['config'] as unknown as { digest: string };
  const answer = await fetch(`http://${testbed.registry.address}/v2/build/api/blobs/${config.digest}`);
  return (await answer.json()) as { created: string; config: { Labels: Record<string, string> } };
}

const plain = 'ARG BASE\nFROM ${BASE}\nCOPY app.txt /app.txt\n';

describe.each(['docker', 'buildkit', 'buildah'] as const)('with the builder %s', choice => {
  let builder: Builder;
  const lines: string[] = [];
  const run = (image: ImageBuild, secrets: Record<string, string> = {}) =>
    buildImage(builder, image, {
      ...usual(),
      secrets: new Map(Object.entries(secrets).map(([id, value]) => [id, Buffer.from(value)])),
      onLine: line => lines.push(line),
    });

  beforeAll(async () => {
    const options = { exec, environment: { BUILDKIT_HOST: testbed.buildkit?.address }, logger: silentLogger };
    builder = await findBuilder(choice, options);
  });

  it('an image is pushed by digest, without a tag, with its labels and its time', async () => {
    const digest = await run(imageOf(plain));
    const { created, config } = await configOf(digest);
    expect(created).toBe('2023-11-14T22:13:20Z');
    expect(config.Labels['org.opencontainers.image.revision']).toBe('abc');
    const tags = await fetch(`http://${testbed.registry.address}/v2/build/api/tags/list`);
    expect(((await tags.json()) as { tags?: string[] | null }).tags ?? []).toEqual([]);
  });

  it('the same sources result in the same digest, whenever their files were written', async () => {
    const first = await run(imageOf(`${plain}RUN echo ${choice} > /built\n`));
    rmSync(join(context, 'app.txt'));
    writeFileSync(join(context, 'app.txt'), 'app');
    // Nothing of the first build may be taken from the cache, or the test would show nothing.
    await prune();
    expect(await run(imageOf(`${plain}RUN echo ${choice} > /built\n`))).toBe(first);
    writeFileSync(join(context, 'app.txt'), 'changed');
    expect(await run(imageOf(`${plain}RUN echo ${choice} > /built\n`))).not.toBe(first);
  });

  it('a secret reaches the Dockerfile, and nothing else', async () => {
    const value = `s3cret-${choice}-value`;
    const dockerfile = `ARG BASE\nFROM \${BASE}\nRUN --mount=type=secret,id=token cp /run/secrets/token /dev/null && test -n "$(cat /run/secrets/token)"\n`;
    const seen: string[] = [];
    const watched: Exec = (command, args, options) => {
      seen.push(...args);
      return exec(command, args, options);
    };
    lines.length = 0;
    const digest = await buildImage(builder, imageOf(dockerfile, { secrets: ['token'] }), {
      ...usual(),
      exec: watched,
      secrets: new Map([['token', Buffer.from(value)]]),
      onLine: line => lines.push(line),
    });
    expect(seen.join('\n')).toContain('id=token,src=');
    expect([...seen, ...lines, JSON.stringify(await configOf(digest))].join('\n')).not.toContain(value);
    expect(readdirSync(scratch).filter(name => name.startsWith('slipway-build-'))).toEqual([]);
  });

  it('a missing secret is reported before anything is built', async () => {
    lines.length = 0;
    const attempt = run(imageOf(plain, { secrets: ['token'] }));
    await expect(attempt).rejects.toMatchObject({ code: 'build-secret-missing' });
    expect(lines).toEqual([]);
  });

  it("a build that fails says the builder's own reason, and leaves no files behind", async () => {
    const attempt = run(imageOf('ARG BASE\nFROM ${BASE}\nRUN sh -c "echo why-it-failed; exit 7"\n'));
    await expect(attempt).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringMatching(/^services\/api\/Dockerfile:3:1: .*exit (?:code:|status) 7/),
    });
    expect(lines.some(line => line.includes('why-it-failed'))).toBe(true);
    expect(readdirSync(scratch).filter(name => name.startsWith('slipway-build-'))).toEqual([]);
  });

  const prune = () =>
    choice === 'buildah'
      ? exec('buildah', ['rmi', '--all', '--force'])
      : exec(testbed.buildkit?.buildctl ?? '', ['--addr', testbed.buildkit?.address ?? '', 'prune', '--all']);

  it('a step that was built on another machine comes from the cache in the registry', async () => {
    const repository = `${testbed.registry.address}/cached/${choice}`;
    const image = () => imageOf(`${plain}RUN echo run-in-${choice}\n`, { cache: 'registry', repository });
    const ran = () => lines.some(line => line.endsWith(`run-in-${choice}`) && !/RUN|STEP/.test(line));
    const digest = await run(image());
    expect(ran()).toBe(true);
    await prune();
    lines.length = 0;
    expect(await run(image())).toBe(digest);
    expect(ran()).toBe(false);
  });

  if (choice === 'buildah')
    it.each<[string, Partial<ImageBuild>]>([
      ["GitHub's cache", { cache: 'gha' }],
      ['a cache in a folder', { cache: 'local', cacheDirectory: '/c' }],
      ['a provenance', { attestations: { provenance: 'min' } }],
      ['an SBOM', { attestations: { sbom: 'scanner' } }],
    ])('%s is said to be impossible before anything is built', async (_case, changes) => {
      lines.length = 0;
      await expect(run(imageOf(plain, changes))).rejects.toMatchObject({ code: 'builder-lacks' });
      expect(lines).toEqual([]);
    });
  else cachesInFolders();

  function cachesInFolders(): void {
    it('a step comes from a cache in a folder, which contains only the newest build', async () => {
      const cacheDirectory = join(scratch, `cache-${choice}`);
      const image = (text: string) =>
        imageOf(`${plain}RUN echo ${text}-${choice}\n`, { cache: 'local', cacheDirectory });
      const ran = (text: string) =>
        lines.some(line => line.endsWith(` ${text}-${choice}`) && !line.includes('RUN'));
      await run(image('first'));
      await run(image('second'));
      await prune();
      lines.length = 0;
      await run(image('second'));
      expect(ran('second')).toBe(false);
      await prune();
      await run(image('first'));
      expect(ran('first')).toBe(true);
      expect(readdirSync(scratch).filter(name => name.endsWith('.new'))).toEqual([]);
    });
  }

  it('an image of two platforms is an index with both, and annotated as its images are', async () => {
    const platforms = ['linux/amd64', 'linux/arm64'];
    const digest = await run(imageOf('FROM scratch\nCOPY app.txt /\n', { platforms }));
    const repository = parseRepository(`${testbed.registry.address}/build/api`);
    const client = createRegistryClient();
    const index = await getManifest(client, { ...repository, digest });
    expect(Object.keys(platformsOf(index)).sort()).toEqual(platforms);
    for (const child of Object.values(platformsOf(index))) {
      const { content } = await getManifest(client, { ...repository, digest: child });
      expect(content['annotations']).toMatchObject({ 'org.opencontainers.image.revision': 'abc' });
    }
  });

  it('files of a stage are written to a folder', async () => {
    const folder = mkdtempSync(join(scratch, 'files-'));
    const dockerfile = `${plain}RUN echo passed > /report.txt\nFROM scratch AS reports\nCOPY --from=0 /report.txt /\n`;
    await writeFiles(builder, imageOf(dockerfile, { target: 'reports' }), { ...usual(), folder });
    expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toBe('passed\n');
    expect(readdirSync(folder)).toEqual(['report.txt']);
  });

  it('a Dockerfile reaches the SSH agent only if its service asks for it', async () => {
    const socket = join(scratch, `agent-${choice}`);
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    environment['SSH_AUTH_SOCK'] = socket;
    try {
      while (!existsSync(socket)) await delay(10);
      const dockerfile = `${plain}RUN --mount=type=ssh test -e "$SSH_AUTH_SOCK" && echo ${choice}\n`;
      expect(await run(imageOf(dockerfile, { ssh: true }))).toMatch(/^sha256:/);
      await prune();
      await expect(run(imageOf(dockerfile))).rejects.toMatchObject({ code: 'build-failed' });
    } finally {
      delete environment['SSH_AUTH_SOCK'];
      agent.kill();
    }
  });

  it('an image that is only built leaves nothing in the registry', async () => {
    const repository = `${testbed.registry.address}/tried/${choice}`;
    const tried = (dockerfile: string) =>
      tryImage(builder, imageOf(dockerfile, { repository, cache: 'registry' }), {
        ...usual(),
        onLine: line => lines.push(line),
      });
    await tried(plain);
    const catalogue = await fetch(`http://${testbed.registry.address}/v2/_catalog`);
    expect(JSON.stringify(await catalogue.json())).not.toContain(`tried/${choice}`);
    await expect(tried('FROM scratch\nCOPY missing /\n')).rejects.toMatchObject({ code: 'build-failed' });
  });

  it('files come from a further folder, and an image from another build, pushed or not', async () => {
    const folder = mkdtempSync(join(scratch, 'folder-'));
    writeFileSync(join(folder, 'shared.txt'), 'shared');
    const options = usual();
    const first = imageOf(plain);
    const layout = join(scratch, `layout-${choice}`);
    const written = await writeImage(builder, first, { ...options, layout });
    const pushed = await run(first);
    const repository = first.repository;
    const second = 'FROM base\nCOPY --from=shared shared.txt /\nCOPY --from=base /app.txt /again.txt\n';
    for (const base of [
      { kind: 'image', reference: `${repository}@${pushed}` },
      { kind: 'layout', path: layout, digest: written },
    ] as const) {
      const shared = { kind: 'folder', path: folder } as const;
      expect(await run(imageOf(second, { contexts: { base, shared } }))).toMatch(/^sha256:/);
      const without = run(imageOf(`${second}COPY --from=base /missing /\n`, { contexts: { base, shared } }));
      await expect(without).rejects.toMatchObject({ code: 'build-failed' });
    }
  });

  it('a stage can be built', async () => {
    const stages = 'FROM scratch AS small\nCOPY app.txt /\nFROM scratch\nCOPY missing /\n';
    await run(imageOf(stages, { target: 'small' }));
    await expect(run(imageOf(stages))).rejects.toMatchObject({ code: 'build-failed' });
  });
});
