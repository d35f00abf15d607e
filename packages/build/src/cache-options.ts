import type { BuildFiles, BuildOutput, ImageBuild } from './image-build.ts';

/** The tag of a service's repository that holds its cache: no deployment tag, and nothing that is ever deployed. */
const CACHE_TAG = 'slipway-cache';

/** Where cached steps come from, and, only with an image that is pushed, where they go: a pull request leaves nothing behind. */
export function cacheOptions(build: ImageBuild, files: BuildFiles, output: BuildOutput) {
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
