import { argsOf, secretOptions, sshOptions } from './arguments.ts';
import type { BuildOutput, ImageBuild, NamedContext } from './image-build.ts';
import { annotationsOf } from './output-options.ts';

/** Where buildah leaves what it built. */
export interface BuildahFiles {
  /** Files with the secrets' values, by id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The file in which it says what it built. */
  readonly imageId: string;
  /** The name of the list of images, for several platforms. */
  readonly list: string;
  /** What buildah's own storage calls the images that lie in folders, by the name of the context. */
  readonly stored: Readonly<Record<string, string>>;
}

/** The image in a folder, in the words of buildah; its tag means nothing. */
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
    // Without layers in between for several platforms: buildah 1.28 takes a step of `FROM scratch` for one platform from another's.
    `--layers=${!isList}`,
    ...['--file', build.dockerfile],
    ...['--timestamp', String(build.sourceDateEpoch)],
    ...(isFiles ? ['--output', `type=local,dest=${output.files}`] : placeOf(isList, files)),
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

function placeOf(isList: boolean, { imageId, list }: BuildahFiles): string[] {
  return isList ? ['--manifest', list] : ['--iidfile', imageId];
}

/** buildah keeps each step as an image of its own, under a tag that is the step's key. */
function cacheArguments({ cache, repository }: ImageBuild, output: BuildOutput): string[] {
  if (cache !== 'registry') return [];
  return ['--cache-from', repository, ...(output === 'push' ? ['--cache-to', repository] : [])];
}

/** An image in a folder is in the storage too, as buildah wrote that folder; the folder itself it takes in lower case only. */
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

/** The arguments with which what was built is written to a folder. */
export function exportArguments(build: ImageBuild, image: string, layout: string): string[] {
  if (build.platforms.length > 1)
    return ['manifest', 'push', '--all', '--rm', '--format', 'oci', image, layoutImage(layout)];
  return ['push', '--format', 'oci', image, layoutImage(layout)];
}
