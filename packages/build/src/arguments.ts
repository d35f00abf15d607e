import { basename, dirname } from 'node:path';
import type { BuildkitBuilder } from './builders.ts';
import { cacheOptions } from './cache-options.ts';
import type { BuildFiles, BuildOutput, ImageBuild, NamedContext } from './image-build.ts';
import { outputOption } from './output-options.ts';

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** The process that asks BuildKit to build an image. Its arguments contain no value of a secret. */
export function buildCommand(
  builder: BuildkitBuilder,
  build: ImageBuild,
  files: BuildFiles,
  output: BuildOutput,
): Command {
  if (builder.kind === 'buildctl')
    return { command: 'buildctl', args: buildctlArguments(builder.address, build, files, output) };
  const name = builder.name === undefined ? [] : ['--builder', builder.name];
  return {
    command: builder.command,
    args: [...builder.prefix, 'build', ...name, ...buildxArguments(build, files, output)],
  };
}

export function sshOptions({ ssh }: ImageBuild): string[] {
  return ssh ? ['--ssh', 'default'] : [];
}

export function argsOf(build: ImageBuild): [string, string][] {
  return Object.entries({ ...build.args, SOURCE_DATE_EPOCH: String(build.sourceDateEpoch) });
}

export function secretOptions(build: ImageBuild, files: Pick<BuildFiles, 'secrets'>): string[] {
  return build.secrets.flatMap(id => ['--secret', `id=${id},src=${files.secrets[id]}`]);
}

/**
 * Attestations contain times and builder names, which change the digest of an image that did not change. They are off by default,
 * explicitly, since buildx would add some.
 */
function attestationsOf({ attestations = {} }: ImageBuild, output: BuildOutput) {
  const { provenance, sbom } = output === 'push' ? attestations : {};
  return {
    provenance: provenance === undefined ? undefined : `mode=${provenance}`,
    sbom: sbom === undefined ? undefined : `generator=${sbom}`,
  };
}

function buildxArguments(build: ImageBuild, files: BuildFiles, output: BuildOutput): string[] {
  const cache = cacheOptions(build, files, output);
  const { provenance = 'false', sbom = 'false' } = attestationsOf(build, output);
  return [
    ...['--progress', 'plain'],
    ...['--file', build.dockerfile],
    ...['--metadata-file', files.metadata],
    ...['--output', outputOption(build, output) ?? 'type=cacheonly'],
    ...cache.from.flatMap(entry => ['--cache-from', entry]),
    ...cache.to.flatMap(entry => ['--cache-to', entry]),
    `--provenance=${provenance}`,
    `--sbom=${sbom}`,
    ...(build.target === undefined ? [] : ['--target', build.target]),
    ...(build.platforms.length === 0 ? [] : ['--platform', build.platforms.join(',')]),
    ...argsOf(build).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...Object.entries(build.labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...secretOptions(build, files),
    ...sshOptions(build),
    ...Object.entries(build.contexts).flatMap(([name, context]) => [
      '--build-context',
      `${name}=${buildxContext(context)}`,
    ]),
    build.context,
  ];
}

function buildctlArguments(
  address: string,
  build: ImageBuild,
  files: BuildFiles,
  output: BuildOutput,
): string[] {
  const cache = cacheOptions(build, files, output);
  const { provenance, sbom } = attestationsOf(build, output);
  const written = outputOption(build, output);
  const option = (name: string, value: string): string[] => ['--opt', `${name}=${value}`];
  return [
    ...['--addr', address, 'build'],
    ...['--progress', 'plain'],
    ...['--frontend', 'dockerfile.v0'],
    ...['--local', `context=${build.context}`],
    ...['--local', `dockerfile=${dirname(build.dockerfile)}`],
    ...['--metadata-file', files.metadata],
    ...['--trace', files.trace],
    ...(written === undefined ? [] : ['--output', written]),
    ...cache.from.flatMap(entry => ['--import-cache', entry]),
    ...cache.to.flatMap(entry => ['--export-cache', entry]),
    ...option('filename', basename(build.dockerfile)),
    ...(build.target === undefined ? [] : option('target', build.target)),
    ...(build.platforms.length === 0 ? [] : option('platform', build.platforms.join(','))),
    ...argsOf(build).flatMap(([name, value]) => option(`build-arg:${name}`, value)),
    ...Object.entries(build.labels).flatMap(([name, value]) => option(`label:${name}`, value)),
    ...(provenance === undefined ? [] : option('attest:provenance', provenance)),
    ...(sbom === undefined ? [] : option('attest:sbom', sbom)),
    ...secretOptions(build, files),
    ...sshOptions(build),
    ...Object.entries(build.contexts).flatMap(([name, context]) => buildctlContext(name, context)),
  ];
}

/** https://docs.docker.com/reference/cli/docker/buildx/build/#build-context */
function buildxContext(context: NamedContext): string {
  switch (context.kind) {
    case 'folder':
      return context.path;
    case 'image':
      return `docker-image://${context.reference}`;
    case 'layout':
      // buildx 0.33 needs a tag before the digest; the tag has no meaning.
      return `oci-layout://${context.path}:image@${context.digest}`;
  }
}

/** Each local folder of a context has its own name in the client, as `context` and `dockerfile` are taken. */
function buildctlContext(name: string, context: NamedContext): string[] {
  const local = `named-${name}`;
  const option = (source: string): string[] => ['--opt', `context:${name}=${source}`];
  switch (context.kind) {
    case 'folder':
      return ['--local', `${local}=${context.path}`, ...option(`local:${local}`)];
    case 'image':
      return option(`docker-image://${context.reference}`);
    case 'layout':
      return [
        '--oci-layout',
        `${local}=${context.path}`,
        ...option(`oci-layout://${local}@${context.digest}`),
      ];
  }
}
