import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import { getManifest, parseReference, platformsOf, readBlob } from '@slipway/registry';
import { toolPath } from '@slipway/testbed';
import { START_LIMIT } from '@slipway/testbed/jest';
import { expectFailure, SERVICES, setStage, snapshotOf, succeeded } from './stage.ts';

const stage = setStage();

const imageOf = (service: string, digest: string) =>
  parseReference(`${stage.registry.address}/${stage.path}/${service}@${digest}`);

describe('with buildah', () => {
  let home: string;
  let path: string;

  beforeAll(async () => {
    path = `${dirname(await toolPath('buildah'))}:/usr/bin:/bin:/usr/sbin:/sbin`;
    home = mkdtempSync(join(stage.scratch, 'home-'));
    mkdirSync(join(home, '.config/containers'), { recursive: true });
    const policy = JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] });
    writeFileSync(join(home, '.config/containers/policy.json'), policy);
    const folders = `graphroot = "${home}/storage"\nrunroot = "${home}/run"\n`;
    writeFileSync(
      join(home, 'storage.conf'),
      `[storage]\ndriver = "overlay"
${folders}`,
    );
  }, START_LIMIT);

  const environment = () => ({
    BUILDKIT_HOST: '',
    BUILDAH_ISOLATION: 'chroot',
    CONTAINERS_STORAGE_CONF: join(home, 'storage.conf'),
    HOME: home,
  });

  it('all images get one deployment tag, and one that did not change keeps its digest', async () => {
    stage.workspace.commit();
    const result = succeeded(
      await stage.run({ builder: 'buildah', 'deployment-tag': 'v1' }, environment(), { path }),
    );
    expect(result.log).toMatch(/Building with buildah \d/);
    expect(await stage.taggedServices('v1')).toEqual([...SERVICES, 'snapshots']);
    stage.workspace.write('web/app.txt', 'new\n');
    stage.workspace.commit();
    const again = succeeded(
      await stage.run({ builder: 'buildah', 'deployment-tag': 'v2' }, environment(), { path }),
    );
    expect(snapshotOf(again).images['api']).toEqual(snapshotOf(result).images['api']);
    expect(snapshotOf(again).images['web']).not.toEqual(snapshotOf(result).images['web']);
  });

  it('auto takes it where docker has no builder that answers, and says so', async () => {
    stage.workspace.commit();
    // A docker whose daemon does not run, as on a machine for podman.
    const bin = mkdtempSync(join(stage.scratch, 'bin-'));
    writeFileSync(
      join(bin, 'docker'),
      '#!/bin/sh\ntest "$2" = version || { echo "Error: no daemon"; exit 1; }\n',
    );
    chmodSync(join(bin, 'docker'), 0o755);
    const result = succeeded(await stage.run({}, environment(), { path: `${bin}:${path}` }));
    expect(result.log).toMatch(/Docker is not used: .*\n.*Building with buildah/);
  });

  it('a pull request is built, also from an image that was not pushed, and pushes nothing', async () => {
    const file = readFileSync(join(stage.workspace.path, 'slipway.yaml'), 'utf8');
    const dependent = 'build: {context: web, depends-on: [api]}';
    stage.workspace.write('slipway.yaml', file.replace('build: {context: web}', dependent));
    stage.workspace.write('web/Dockerfile', 'FROM api\nCOPY --from=api /app.txt /again.txt\n');
    stage.workspace.commit();
    const event = { pull_request: { head: { repo: { full_name: 'acme/shop' } } } };
    succeeded(
      await stage.run({ builder: 'buildah' }, environment(), { path, eventName: 'pull_request', event }),
    );
    expect(stage.stored()).toEqual([]);
  });

  it('a pull request that is pushed leaves the cache as it is', async () => {
    const inputs = { builder: 'buildah', cache: 'registry' };
    stage.workspace.commit();
    succeeded(await stage.run({ ...inputs, 'deployment-tag': 'v1' }, environment(), { path }));
    const steps = stage.tagsOf('api').filter(tag => tag !== 'v1');
    expect(steps).not.toEqual([]);
    stage.workspace.write('api/app.txt', 'new\n');
    stage.workspace.commit();
    const event = { pull_request: { head: { repo: { full_name: 'acme/shop' } } } };
    const pushed = { ...inputs, 'deployment-tag': 'v2', push: 'always' };
    succeeded(await stage.run(pushed, environment(), { path, eventName: 'pull_request', event }));
    expect(stage.tagsOf('api').sort()).toEqual([...steps, 'v1', 'v2'].sort());
  });

  it('a step that fails is named with its line', async () => {
    stage.workspace.write(
      'web/Dockerfile',
      `FROM ${stage.images.base.name}\nRUN sh -c "echo the-reason; exit 7"\n`,
    );
    stage.workspace.commit();
    const result = await stage.run({ builder: 'buildah', 'deployment-tag': 'v1' }, environment(), { path });
    expectFailure(result, /the image of "web" does not build: "RUN sh.*exit status 7/);
    expect(result.annotations[0]).toMatchObject({ file: 'web/Dockerfile', line: 2 });
    expect(await stage.taggedServices('v1')).toEqual([]);
  });

  it.each([
    ['a cache that it has not', { cache: 'gha' }, /buildah cannot build "api" with the cache "gha"; use/],
    ['a provenance', { provenance: 'min' }, /buildah cannot build "api" with provenance/],
  ])('%s is refused', async (_case, inputs, sentence) => {
    stage.workspace.commit();
    expectFailure(await stage.run({ builder: 'buildah', ...inputs }, environment(), { path }), sentence);
  });
});

describe('what is pushed beside an image', () => {
  /** An image that plays a scanner: https://github.com/moby/buildkit/blob/v0.29.0/docs/attestations/sbom-protocol.md */
  async function pushScanner(): Promise<string> {
    const context = mkdtempSync(join(stage.scratch, 'scanner-'));
    const statement = JSON.stringify({
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: 'https://spdx.dev/Document',
      predicate: { name: 'found-by-the-scanner' },
    });
    writeFileSync(join(context, 'statement.json'), statement);
    const copy = 'cp /statement.json $BUILDKIT_SCAN_DESTINATION/found.spdx.json';
    const entry = JSON.stringify(['/bin/sh', '-c', copy]);
    writeFileSync(
      join(context, 'Dockerfile'),
      `FROM ${stage.images.base.name}\nCOPY statement.json /\nENTRYPOINT ${entry}\n`,
    );
    const name = `${stage.registry.address}/tools/scanner:1`;
    const args = ['build', '--frontend', 'dockerfile.v0', '--local', `context=${context}`];
    const push = `type=image,name=${name},push=true`;
    execFileSync('buildctl', [...args, '--local', `dockerfile=${context}`, '--output', push], {
      env: {
        PATH: stage.programs,
        BUILDKIT_HOST: stage.buildkitAddress,
        DOCKER_CONFIG: stage.registry.dockerConfig ?? '',
      },
      stdio: 'ignore',
    });
    return name;
  }

  it('does not exist, unless asked for', async () => {
    stage.workspace.commit();
    const { api } = snapshotOf(succeeded(await stage.run())).images;
    const { content } = await getManifest(stage.client, imageOf('api', api?.digest ?? ''));
    expect(content['layers']).toBeDefined();
  });

  it('is a provenance and an SBOM, which follow an image that is not built again', async () => {
    stage.workspace.commit();
    const inputs = { provenance: 'max', sbom: await pushScanner() };
    const first = snapshotOf(succeeded(await stage.run({ ...inputs, 'deployment-tag': 'v1' })));
    const digest = first.images['api']?.digest ?? '';
    const index = await getManifest(stage.client, imageOf('api', digest));
    expect(Object.keys(platformsOf(index))).toHaveLength(1);
    expect(await predicates(index.content, digest)).toEqual(
      expect.arrayContaining(['https://spdx.dev/Document', expect.stringContaining('slsa.dev/provenance')]),
    );
    for (const destination of ['main', 'second']) await stage.pass(first, destination);
    const second = snapshotOf(succeeded(await stage.run({ ...inputs, 'deployment-tag': 'v2' })));
    expect(second.images['api']?.digest).toBe(digest);
    // Without them it is another image, whose inputs are not those of the one that passed.
    const without = snapshotOf(succeeded(await stage.run({ 'deployment-tag': 'v3' })));
    expect(without.images['api']?.digest).not.toBe(digest);
  });

  async function predicates(index: JsonObject, digest: string): Promise<unknown[]> {
    const children = index['manifests'] as unknown as {
      digest: string;
      annotations?: Record<string, string>;
    }[];
    const beside = children.filter(({ annotations }) => annotations?.['vnd.docker.reference.type']);
    const found: unknown[] = [];
    for (const child of beside) {
      const { content } = await getManifest(stage.client, imageOf('api', child.digest));
      for (const layer of content['layers'] as unknown as {
        mediaType: string;
        digest: string;
        size: number;
      }[]) {
        const text = await readBlob(stage.client, imageOf('api', digest), layer, async stream =>
          Buffer.concat(await stream.toArray()).toString(),
        );
        found.push((JSON.parse(text) as { predicateType: unknown }).predicateType);
      }
    }
    return found;
  }
});

describe('labels and platforms', () => {
  it('of OCI come from the commit and from slipway.yaml, as annotations too', async () => {
    const file = readFileSync(join(stage.workspace.path, 'slipway.yaml'), 'utf8');
    const labels = '{org.opencontainers.image.licenses: "MIT, or \\"other\\"", team: shop}';
    stage.workspace.write(
      'slipway.yaml',
      file.replace('build: {context: web}', `build: {context: web, labels: ${labels}}`),
    );
    const revision = stage.workspace.commit();
    const { web } = snapshotOf(succeeded(await stage.run())).images;
    const { content } = await getManifest(stage.client, imageOf('web', web?.digest ?? ''));
    expect(content['annotations']).toEqual({
      'org.opencontainers.image.title': 'web',
      'org.opencontainers.image.source': 'https://github.com/acme/shop',
      'org.opencontainers.image.url': 'https://github.com/acme/shop',
      'org.opencontainers.image.revision': revision,
      'org.opencontainers.image.created': expect.stringMatching(/^\d{4}-/),
      'org.opencontainers.image.licenses': 'MIT, or "other"',
    });
  });

  it('of two platforms make an index that holds both', async () => {
    for (const service of ['api', 'web'])
      stage.workspace.write(`${service}/Dockerfile`, 'FROM scratch\nCOPY app.txt /\n');
    stage.workspace.commit();
    const result = succeeded(await stage.run({ platforms: 'linux/amd64, linux/arm64' }));
    expect(Object.keys(snapshotOf(result).images['api']?.platforms ?? {}).sort()).toEqual([
      'linux/amd64',
      'linux/arm64',
    ]);
  });

  const FOREIGN = process.arch === 'arm64' ? 'linux/amd64' : 'linux/arm64';

  it('are not what an image says whose base is for another one', async () => {
    stage.workspace.commit();
    const result = await stage.run({ platforms: FOREIGN, 'deployment-tag': 'v1' });
    expectFailure(
      result,
      new RegExp(`the image of "web" for "${FOREIGN}" starts from a base image for "linux/`),
    );
    const positions = result.annotations.map(({ file, line }) => `${file}:${line}`);
    expect(positions.sort()).toEqual(['api/Dockerfile:1', 'web/Dockerfile:1']);
    expect(await stage.taggedServices('v1')).toEqual([]);
  });

  it('of another processor that is not emulated are said to need an emulator', async () => {
    for (const service of ['api', 'web'])
      stage.workspace.write(`${service}/Dockerfile`, 'FROM scratch\nCOPY sh /\nRUN ["/sh"]\n');
    // The head of a program for 64-bit PowerPC, which is not a processor of this machine.
    const head = Buffer.from('7f454c4602010100000000000000000002001500010000000000000000000000', 'hex');
    for (const service of ['api', 'web']) {
      const file = join(stage.workspace.path, service, 'sh');
      writeFileSync(file, Buffer.concat([head, Buffer.alloc(200)]), { mode: 0o755 });
    }
    stage.workspace.commit();
    const result = await stage.run({ platforms: FOREIGN, 'deployment-tag': 'v1' });
    expectFailure(result, /the image of "web" does not build: .*another processor; install an emulator/);
    expect(await stage.taggedServices('v1')).toEqual([]);
  });
});
