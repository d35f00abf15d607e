import { argsOf, secretOptions, sshOptions } from './arguments.ts';
import { writesCache } from './cache-options.ts';
import type { BuildOutput, ImageBuild, NamedContext } from './image-build.ts';
import { annotationsOf } from './output-options.ts';

/** Files and names through which buildah reports what it built. */
export interface BuildahFiles {
  /** Files with the secrets' values, by id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The file to which it writes the id of the image. */
  readonly imageId: string;
  /** The name for the list of images if there are several platforms. */
  readonly list: string;
  /** The names of images in buildah's own storage that were also written to folders, by the name of the context. */
  readonly stored: Readonly<Record<string, string>>;
}

/** buildah's name for an image in a folder; the tag has no meaning. */
function layoutImage(path: string): string {
  return `oci:${path}:image`;
}

/**
 * The arguments with which buildah builds an image, into its own storage or into a folder of files.
 * https://github.com/containers/buildah/blob/v1.28.2/docs/buildah-build.1.md
 */
export function buildahArguments(build: ImageBuild, files: BuildahFiles, output: BuildOutput): string[] {
  const isList = build.platforms.length > 1;
  const isFiles = typeof output === 'object' && 'files' in output;
  return [
    ...['build', '--format', 'oci', '--identity-label=false'],
    // No intermediate layers with several platforms: buildah 1.28 reuses a step of `FROM scratch` from another platform.
    `--layers=${!isList}`,
    ...['--file', build.dockerfile],
    ...['--timestamp', String(build.sourceDateEpoch)],
    ...(isFiles ? ['--output', `type=local,dest=${output.files}`] : resultArguments(isList, files)),
    ...(build.target === undefined ? [] : ['--target', build.target]),
    ...(build.platforms.length === 0 ? [] : ['--platform', build.platforms.join(',')]),
    ...argsOf(build).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...Object.entries(build.labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...annotationsOf(build).flatMap(([name, value]) => ['--annotation', `${name}=${value}`]),
    ...cacheArguments(build, output),
    ...secretOptions(build, files),
    ...sshOptions(build),
    ...Object.entries(build.contexts).flatMap(([name, context]) => [
      '--build-context',
      `${name}=${contextOf(context, files.stored[name] ?? '')}`,
    ]),
    build.context,
  ];
}

function resultArguments(isList: boolean, { imageId, list }: BuildahFiles): string[] {
  return isList ? ['--manifest', list] : ['--iidfile', imageId];
}

/** buildah caches each step as an image, under a tag that is the step's key. */
function cacheArguments(build: ImageBuild, output: BuildOutput): string[] {
  const { cache } = build;
  const { repository } = build.cacheFrom ?? build;
  if (cache !== 'registry') return [];
  return ['--cache-from', repository, ...(writesCache(build, output) ? ['--cache-to', repository] : [])];
}

/** buildah wrote the folder of an image from its storage; it accepts the folder itself only if the path is in lower case. */
function contextOf(context: NamedContext, stored: string): string {
  switch (context.kind) {
    case 'folder':
      return context.path;
    case 'image':
      return `docker-image://${context.reference}`;
    case 'layout':
      return `container-image://${stored}`;
  }
}

/** The arguments with which buildah writes a built image to a folder. */
export function exportArguments(build: ImageBuild, image: string, layout: string): string[] {
  if (build.platforms.length > 1)
    return ['manifest', 'push', '--all', '--rm', '--format', 'oci', image, layoutImage(layout)];
  return ['push', '--format', 'oci', image, layoutImage(layout)];
}
