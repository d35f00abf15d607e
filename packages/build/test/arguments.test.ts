import { describe, expect, it } from '@jest/globals';
import { type BuildkitBuilder, buildCommand, type ImageBuild, type NamedContext } from '@slipway/build';
import { buildahArguments } from '../src/buildah-arguments.ts';

const build: ImageBuild = {
  service: 'api',
  context: '/w/services/api',
  dockerfile: '/w/services/api/docker/Dockerfile.api',
  dockerfileName: 'services/api/docker/Dockerfile.api',
  contexts: {},
  args: {},
  secrets: [],
  platforms: [],
  labels: {},
  sourceDateEpoch: 1795227928,
  repository: 'ghcr.io/acme/shop/api',
  plainHttp: false,
  cache: 'none',
  ssh: false,
};
const files = {
  metadata: '/t/metadata.json',
  trace: '/t/trace.json',
  secrets: { 'npm-token': '/t/secret-0' },
  newCache: '/c/api.new',
};
const output =
  'type=image,name=ghcr.io/acme/shop/api,push=true,push-by-digest=true,name-canonical=true,oci-mediatypes=true,rewrite-timestamp=true';
const docker: BuildkitBuilder = { kind: 'buildx', command: 'docker', prefix: ['buildx'] };
const buildctl: BuildkitBuilder = { kind: 'buildctl', address: 'unix:///run/buildkitd.sock' };

/** What a builder is told beyond what it is told for any image. */
function added(builder: BuildkitBuilder, changes: Partial<ImageBuild>): string[] {
  const usual = buildCommand(builder, build, files, 'push').args;
  const { args } = buildCommand(builder, { ...build, ...changes }, files, 'push');
  return args.filter(argument => !usual.includes(argument));
}

describe('the command for an image', () => {
  it('of docker buildx pushes by digest and states that there are no attestations', () => {
    const { command, args } = buildCommand(docker, build, files, 'push');
    expect([command, ...args]).toEqual([
      ...['docker', 'buildx', 'build', '--progress', 'plain'],
      ...['--file', '/w/services/api/docker/Dockerfile.api', '--metadata-file', '/t/metadata.json'],
      ...['--output', output, '--provenance=false', '--sbom=false'],
      ...['--build-arg', 'SOURCE_DATE_EPOCH=1795227928', '/w/services/api'],
    ]);
  });

  it('of buildctl does the same', () => {
    const { command, args } = buildCommand(buildctl, build, files, 'push');
    expect([command, ...args]).toEqual([
      ...['buildctl', '--addr', 'unix:///run/buildkitd.sock', 'build', '--progress', 'plain'],
      ...['--frontend', 'dockerfile.v0', '--local', 'context=/w/services/api'],
      ...['--local', 'dockerfile=/w/services/api/docker', '--metadata-file', '/t/metadata.json'],
      ...['--trace', '/t/trace.json'],
      ...['--output', output, '--opt', 'filename=Dockerfile.api'],
      ...['--opt', 'build-arg:SOURCE_DATE_EPOCH=1795227928'],
    ]);
  });

  it.each<[string, Partial<ImageBuild>, string[], string[]]>([
    ['a target', { target: 'runtime' }, ['--target', 'runtime'], ['target=runtime']],
    [
      'platforms',
      { platforms: ['linux/amd64', 'linux/arm64'] },
      ['--platform', 'linux/amd64,linux/arm64'],
      ['platform=linux/amd64,linux/arm64'],
    ],
    ['arguments', { args: { BASE: 'a b' } }, ['BASE=a b'], ['build-arg:BASE=a b']],
    ['labels', { labels: { one: 'two' } }, ['--label', 'one=two'], ['label:one=two']],
    [
      'a secret by its file',
      { secrets: ['npm-token'] },
      ['--secret', 'id=npm-token,src=/t/secret-0'],
      ['--secret', 'id=npm-token,src=/t/secret-0'],
    ],
    [
      'a registry without TLS',
      { plainHttp: true },
      [`${output},registry.insecure=true`],
      [`${output},registry.insecure=true`],
    ],
  ])('names %s', (_case, changes, buildx, ctl) => {
    expect(added(docker, changes)).toEqual(buildx);
    expect(added(buildctl, changes)).toEqual(ctl);
  });

  const cache = 'type=registry,ref=ghcr.io/acme/shop/api:slipway-cache';

  it('reads and writes a cache in the registry', () => {
    const to = `${cache},mode=max,image-manifest=true,oci-mediatypes=true`;
    expect(added(docker, { cache: 'registry' })).toEqual(['--cache-from', cache, '--cache-to', to]);
    expect(added(buildctl, { cache: 'registry' })).toEqual(['--import-cache', cache, '--export-cache', to]);
  });

  it('keeps the cache of a part apart', () => {
    const registry = added(docker, { cache: 'registry', cacheScope: 'arm64' });
    expect(registry[1]).toBe(`${cache}.arm64`);
    expect(registry[3]).toContain(`${cache}.arm64,`);
    const github = added(docker, { cache: 'gha', cacheScope: 'arm64' });
    expect(github).toEqual(['--cache-from', github[1], '--cache-to', `${github[1]},mode=max`]);
    expect(github[1]).toBe('type=gha,scope=slipway-api.arm64');
  });

  it.each<[BuildkitBuilder, string[]]>([
    [docker, ['--output', 'type=cacheonly', '--cache-from', cache]],
    [buildctl, ['--import-cache', cache]],
  ])(
    'of an image that is thrown away pushes nothing, and reads a cache without writing it',
    (builder, some) => {
      const { args } = buildCommand(builder, { ...build, cache: 'registry' }, files, 'discard');
      expect(args).toEqual(expect.arrayContaining(some));
      expect(args.join(' ')).not.toMatch(/push=true|cache-to|export-cache/);
    },
  );

  it('of code that later builds must not find reads the cache, and does not write it', () => {
    const changes = { cache: 'registry', readsCacheOnly: true } as const;
    expect(added(docker, changes)).toEqual(['--cache-from', cache]);
    expect(added(buildctl, changes)).toEqual(['--import-cache', cache]);
  });

  it('that is pushed beside the cache reads it where it is', () => {
    const cacheFrom = { repository: 'r.acme.io:5000/shop/api', plainHttp: true };
    const changes = { cache: 'registry', readsCacheOnly: true, cacheFrom } as const;
    const from = 'type=registry,ref=r.acme.io:5000/shop/api:slipway-cache,registry.insecure=true';
    expect(added(docker, changes)).toEqual(['--cache-from', from]);
    expect(added(buildctl, changes)).toEqual(['--import-cache', from]);
    const buildah = { secrets: {}, imageId: '/t/id', list: 'list', stored: {} };
    const args = buildahArguments({ ...build, ...changes }, buildah, 'push').join(' ');
    expect(args).toContain(`--cache-from ${cacheFrom.repository} `);
    expect(args).not.toContain('--cache-to');
  });

  const licences = { 'org.opencontainers.image.licenses': 'MIT, or "other"', team: 'shop' };

  it("annotates an image with its labels of OCI's names, whatever they contain", () => {
    const annotated = `${output},"annotation.org.opencontainers.image.licenses=MIT, or ""other"""`;
    for (const builder of [docker, buildctl])
      expect(added(builder, { labels: licences })).toContain(annotated);
  });

  it('annotates an index if there is one', () => {
    const { args } = buildCommand(
      docker,
      {
        ...build,
        labels: { 'org.opencontainers.image.title': 'api' },
        platforms: ['linux/amd64', 'linux/arm64'],
      },
      files,
      'push',
    );
    expect(args.join(' ')).toContain('annotation-index.org.opencontainers.image.title=api');
  });

  it('adds attestations only if they are asked for and the image is pushed', () => {
    const attestations = { provenance: 'max', sbom: 'scanner:1' } as const;
    expect(added(docker, { attestations })).toEqual(['--provenance=mode=max', '--sbom=generator=scanner:1']);
    expect(added(buildctl, { attestations })).toEqual([
      'attest:provenance=mode=max',
      'attest:sbom=generator=scanner:1',
    ]);
    const { args } = buildCommand(docker, { ...build, attestations }, files, 'discard');
    expect(args).toEqual(expect.arrayContaining(['--provenance=false', '--sbom=false']));
  });

  it('writes the files of a stage to a folder', () => {
    for (const builder of [docker, buildctl])
      expect(buildCommand(builder, { ...build, target: 'reports' }, files, { files: '/t/out' }).args).toEqual(
        expect.arrayContaining(['--output', 'type=local,dest=/t/out']),
      );
  });

  it('names the builder to use', () => {
    const { args } = buildCommand({ ...docker, name: 'slipway' }, build, files, 'push');
    expect(args.slice(0, 4)).toEqual(['buildx', 'build', '--builder', 'slipway']);
  });

  it.each<[string, NamedContext, string[], string[]]>([
    [
      'a folder',
      { kind: 'folder', path: '/w/shared' },
      ['--build-context', 'base=/w/shared'],
      ['--local', 'named-base=/w/shared', '--opt', 'context:base=local:named-base'],
    ],
    [
      'an image',
      { kind: 'image', reference: 'ghcr.io/acme/shop/base@sha256:1' },
      ['--build-context', 'base=docker-image://ghcr.io/acme/shop/base@sha256:1'],
      ['--opt', 'context:base=docker-image://ghcr.io/acme/shop/base@sha256:1'],
    ],
    [
      'an image in a folder',
      { kind: 'layout', path: '/t/base', digest: 'sha256:1' },
      ['--build-context', 'base=oci-layout:///t/base:image@sha256:1'],
      ['--oci-layout', 'named-base=/t/base', '--opt', 'context:base=oci-layout://named-base@sha256:1'],
    ],
  ])('names %s that the Dockerfile takes from', (_case, base, forDocker, forBuildctl) => {
    const usual = (builder: BuildkitBuilder) => buildCommand(builder, build, files, 'discard').args.length;
    const args = (builder: BuildkitBuilder) =>
      buildCommand(builder, { ...build, contexts: { base } }, files, 'discard').args;
    expect(args(docker).slice(usual(docker) - 1, -1)).toEqual(forDocker);
    expect(args(buildctl).slice(usual(buildctl))).toEqual(forBuildctl);
  });

  it('writes an image to a folder instead of pushing it', () => {
    for (const builder of [docker, buildctl]) {
      const { args } = buildCommand(builder, build, files, { layout: '/t/base' });
      expect(args).toContain('type=oci,tar=false,dest=/t/base,rewrite-timestamp=true');
      expect(args.join(' ')).not.toContain('push=true');
    }
  });

  it.each<[string, Partial<ImageBuild>, string, string]>([
    [
      'a folder',
      { cache: 'local', cacheDirectory: '/c/api' },
      'type=local,src=/c/api',
      'type=local,dest=/c/api.new,mode=max',
    ],
    ["GitHub's cache", { cache: 'gha' }, 'type=gha,scope=slipway-api', 'type=gha,scope=slipway-api,mode=max'],
  ])('keeps cached steps in %s', (_case, changes, from, to) => {
    expect(added(docker, changes)).toEqual(['--cache-from', from, '--cache-to', to]);
    expect(added(buildctl, changes)).toEqual(['--import-cache', from, '--export-cache', to]);
  });

  it('passes the SSH agent on only if it is asked for', () => {
    for (const builder of [docker, buildctl]) {
      expect(added(builder, { ssh: true })).toEqual(['--ssh', 'default']);
      expect(buildCommand(builder, build, files, 'push').args).not.toContain('--ssh');
    }
  });
});
