import type { BuildFiles, BuildOutput, ImageBuild } from './image-build.ts';

/** The tag for the cache in a service's repository. It is never a deployment tag, and nothing deploys it. */
const CACHE_TAG = 'slipway-cache';

/** Where cached steps are read from and, only by a build that may leave something there, written to. */
export function cacheOptions(build: ImageBuild, files: BuildFiles, output: BuildOutput) {
  const { from, to } = cacheEntries(build, files);
  return { from, to: writesCache(build, output) ? to : [] };
}

/** Whether a build writes its cache: a pull request leaves nothing there, even if its image is pushed. */
export function writesCache({ readsCacheOnly }: ImageBuild, output: BuildOutput): boolean {
  return output === 'push' && readsCacheOnly === undefined;
}

/** https://docs.docker.com/build/cache/backends/ */
function cacheEntries(build: ImageBuild, files: BuildFiles) {
  const { cache, cacheDirectory = '', service, cacheScope } = build;
  // No name has a dot, so that this is no other service's.
  const scope = cacheScope === undefined ? '' : `.${cacheScope}`;
  const { repository, plainHttp } = build.cacheFrom ?? build;
  switch (cache) {
    case 'none':
      return { from: [], to: [] };
    case 'registry': {
      const entry = `type=registry,ref=${repository}:${CACHE_TAG}${scope}${plainHttp ? ',registry.insecure=true' : ''}`;
      // A cache in the form of an image, with every stage in it, also suits registries without support for artifacts.
      return { from: [entry], to: [`${entry},mode=max,image-manifest=true,oci-mediatypes=true`] };
    }
    case 'local':
      // The new cache goes to a folder of its own: BuildKit would keep every old step in an existing one.
      return {
        from: [`type=local,src=${cacheDirectory}`],
        to: [`type=local,dest=${files.newCache},mode=max`],
      };
    case 'gha': {
      const entry = `type=gha,scope=slipway-${service}${scope}`;
      return { from: [entry], to: [`${entry},mode=max`] };
    }
  }
}
