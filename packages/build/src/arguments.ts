import { basename, dirname } from 'node:path';
import type { Builder } from './builders.ts';
import type { BuildOutput, ImageBuild, NamedContext } from './image-build.ts';

/** Files of a build that lie outside its context. */
export interface BuildFiles {
  /** Where the builder is to write what it pushed. */
  readonly metadata: string;
  /** Files with the secrets' values, by id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The folder into which a cache on this machine is written, before it takes the old one's place. */
  readonly newCache: string;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** The process that makes `builder` build an image. No secret's value is among its arguments. */
export function buildCommand(
  builder: Builder,
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

/**
 * Pushed by digest, so that no tag exists before all images do. Times are set to the commit's, so that the same sources give
 * the same digest: https://github.com/moby/buildkit/blob/v0.29.0/docs/build-repro.md
 */
function pushOptions({ repository, plainHttp }: ImageBuild): string {
  const options = [
    'type=image',
    `name=${repository}`,
    'push=true',
    'push-by-digest=true',
    'name-canonical=true',
    'oci-mediatypes=true',
    'rewrite-timestamp=true',
    ...(plainHttp ? ['registry.insecure=true'] : []),
  ];
  return options.join(',');
}

function outputOptions(build: ImageBuild, output: BuildOutput): string[] {
  if (output === 'push') return ['--output', pushOptions(build)];
  if (output === 'discard') return [];
  return ['--output', `type=oci,tar=false,dest=${output.layout},rewrite-timestamp=true`];
}

/** The tag of a service's repository that holds its cache: no deployment tag, and nothing that is ever deployed. */
const CACHE_TAG = 'slipway-cache';

/** Where cached steps come from, and, only with an image that is pushed, where they go: a pull request leaves nothing behind. */
function cacheOptions(build: ImageBuild, files: BuildFiles, output: BuildOutput) {
  const { from, to } = cachePlaces(build, files);
  return { from, to: output === 'push' ? to : [] };
}

/** https://docs.docker.com/build/cache/backends/ */
function cachePlaces(
  { cache, cacheDirectory = '', service, repository, plainHttp }: ImageBuild,
  files: BuildFiles,
) {
  switch (cache) {
    case 'none':
      return { from: [], to: [] };
    case 'registry': {
      const place = `type=registry,ref=${repository}:${CACHE_TAG}${plainHttp ? ',registry.insecure=true' : ''}`;
      // Registries that know no artifacts take a cache in the form of an image, with every stage in it.
      return { from: [place], to: [`${place},mode=max,image-manifest=true,oci-mediatypes=true`] };
    }
    case 'local':
      // Beside the old one: written over, it would keep every step that was ever built.
      return {
        from: [`type=local,src=${cacheDirectory}`],
        to: [`type=local,dest=${files.newCache},mode=max`],
      };
    case 'gha': {
      const place = `type=gha,scope=slipway-${service}`;
      return { from: [place], to: [`${place},mode=max`] };
    }
  }
}

function sshOptions({ ssh }: ImageBuild): string[] {
  return ssh ? ['--ssh', 'default'] : [];
}

function argsOf(build: ImageBuild): [string, string][] {
  return Object.entries({ ...build.args, SOURCE_DATE_EPOCH: String(build.sourceDateEpoch) });
}

function secretOptions(build: ImageBuild, files: BuildFiles): string[] {
  return build.secrets.flatMap(id => ['--secret', `id=${id},src=${files.secrets[id]}`]);
}

/** Attestations hold times and builder names, which change the digest of an image that did not change: off, and said so. */
function buildxArguments(build: ImageBuild, files: BuildFiles, output: BuildOutput): string[] {
  const cache = cacheOptions(build, files, output);
  return [
    ...['--progress', 'plain'],
    ...['--file', build.dockerfile],
    ...['--metadata-file', files.metadata],
    ...(output === 'discard' ? ['--output', 'type=cacheonly'] : outputOptions(build, output)),
    ...cache.from.flatMap(place => ['--cache-from', place]),
    ...cache.to.flatMap(place => ['--cache-to', place]),
    '--provenance=false',
    '--sbom=false',
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
  const option = (name: string, value: string): string[] => ['--opt', `${name}=${value}`];
  return [
    ...['--addr', address, 'build'],
    ...['--progress', 'plain'],
    ...['--frontend', 'dockerfile.v0'],
    ...['--local', `context=${build.context}`],
    ...['--local', `dockerfile=${dirname(build.dockerfile)}`],
    ...['--metadata-file', files.metadata],
    ...outputOptions(build, output),
    ...cache.from.flatMap(place => ['--import-cache', place]),
    ...cache.to.flatMap(place => ['--export-cache', place]),
    ...option('filename', basename(build.dockerfile)),
    ...(build.target === undefined ? [] : option('target', build.target)),
    ...(build.platforms.length === 0 ? [] : option('platform', build.platforms.join(','))),
    ...argsOf(build).flatMap(([name, value]) => option(`build-arg:${name}`, value)),
    ...Object.entries(build.labels).flatMap(([name, value]) => option(`label:${name}`, value)),
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
      // buildx 0.33 makes no reference of a digest alone; the tag beside it means nothing.
      return `oci-layout://${context.path}:image@${context.digest}`;
  }
}

/** The client's part of a context has a name of its own: `context` and `dockerfile` are taken. */
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
