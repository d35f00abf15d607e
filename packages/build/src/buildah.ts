import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Problem,
  quote,
  SlipwayError,
  throwIfAny,
} from '@slipway/core';
import type { RunOptions } from './build-options.ts';
import { buildahArguments, exportArguments } from './buildah-arguments.ts';
import type { BuildErrorCode } from './error-codes.ts';
import type { ImageBuild } from './image-build.ts';
import { runProgram } from './run-program.ts';
import { writeSecrets } from './secrets.ts';

/**
 * Builds with buildah. As buildah can only push with a tag, it writes the image to a folder, and `pushLayout` pushes that by
 * digest.
 * @returns the digest, or undefined if the build has no image as its result
 */
export async function runBuildah(build: ImageBuild, options: RunOptions): Promise<string | undefined> {
  refuseUnsupported(build);
  const { directory, output } = options;
  const secrets = await writeSecrets(directory, build, options.secrets);
  const imageId = join(directory, 'image-id');
  const list = basename(directory).toLowerCase();
  const environment = await environmentFor(build, options);
  const run = (args: readonly string[]) => start(build, args, { ...options, environment });
  const stored = await findStored(build);
  await run(buildahArguments(build, { secrets, imageId, list, stored }, output));
  const isKept = output === 'push' || (typeof output === 'object' && 'layout' in output);
  if (!isKept) return undefined;
  const layout = output === 'push' ? join(directory, 'layout') : output.layout;
  const image = build.platforms.length > 1 ? list : await readFile(imageId, 'utf8');
  await run(exportArguments(build, image.trim(), layout));
  const digest = await readLayout(layout, build.service);
  if (output === 'push') await options.pushLayout(layout, digest, build.repository);
  return digest;
}

async function start(build: ImageBuild, args: readonly string[], options: RunOptions): Promise<void> {
  const failure = await runProgram(build, 'buildah', args, options);
  if (failure.foreignBase !== undefined) throw new SlipwayError<BuildErrorCode>(failure.foreignBase);
}

/** @throws SlipwayError `builder-lacks`, before anything is built, for everything that only BuildKit can do */
function refuseUnsupported({ service, cache, attestations }: ImageBuild): void {
  const lacks = [
    ...(cache === 'gha' || cache === 'local'
      ? [[`the cache ${quote(cache)}`, 'cache: registry'] as const]
      : []),
    ...(attestations?.provenance === undefined ? [] : [['provenance', 'provenance: none'] as const]),
    ...(attestations?.sbom === undefined ? [] : [['an SBOM', 'no sbom'] as const]),
  ];
  throwIfAny<BuildErrorCode>(
    lacks.map(
      ([what, instead]): Problem<BuildErrorCode> => ({
        code: 'builder-lacks',
        message: `buildah cannot build ${quote(service)} with ${what}`,
        remedy: `use the builder docker or buildkit, or ${instead}`,
      }),
    ),
  );
}

/**
 * buildah looks for docker's logins in the home folder only, and reads from a file only which registries use plain HTTP. Files
 * that the user has set for either are left as they are.
 */
async function environmentFor(
  { plainHttp }: ImageBuild,
  { environment, directory, plainHttpRegistries }: RunOptions,
): Promise<RunOptions['environment']> {
  const more: Record<string, string> = {};
  const logins = join(environment['DOCKER_CONFIG'] ?? '', 'config.json');
  if (environment['DOCKER_CONFIG'] && !environment['REGISTRY_AUTH_FILE'] && existsSync(logins))
    more['REGISTRY_AUTH_FILE'] = logins;
  if ((plainHttp || plainHttpRegistries.length > 0) && !environment['CONTAINERS_REGISTRIES_CONF']) {
    more['CONTAINERS_REGISTRIES_CONF'] = join(directory, 'registries.conf');
    await writeFile(more['CONTAINERS_REGISTRIES_CONF'], registriesFile(plainHttpRegistries));
  }
  // buildah fails if DOCKER_CONFIG names a folder without a config.json.
  return { ...environment, DOCKER_CONFIG: undefined, ...more };
}

/** https://github.com/containers/image/blob/v5.23.1/docs/containers-registries.conf.5.md */
function registriesFile(plainHttpRegistries: readonly string[]): string {
  const hosts = ['localhost', '127.0.0.1', ...plainHttpRegistries];
  const entries = hosts.map(host => `[[registry]]\nlocation = ${JSON.stringify(host)}\ninsecure = true\n`);
  return `unqualified-search-registries = ["docker.io"]\n${entries.join('')}`;
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file */
async function readLayout(layout: string, service: string): Promise<string> {
  const index = await readObject(join(layout, 'index.json'));
  const manifests = index['manifests'];
  const digest = digestOf(Array.isArray(manifests) ? (manifests[0] as JsonValue) : undefined);
  if (digest !== undefined) return digest;
  throw new SlipwayError<BuildErrorCode>({
    code: 'build-without-digest',
    message: `buildah did not say what it built for ${quote(service)}`,
    remedy: 'use buildah 1.28 or later',
  });
}

/** buildah's storage names an image by the digest of its config; it has no such name for a list of images. */
async function findStored({ service, contexts }: ImageBuild): Promise<Record<string, string>> {
  const stored: Record<string, string> = {};
  for (const [name, context] of Object.entries(contexts)) {
    if (context.kind !== 'layout') continue;
    const manifest = await readObject(join(context.path, 'blobs', ...context.digest.split(':')));
    const config = digestOf(manifest['config']);
    if (config === undefined)
      throw new SlipwayError<BuildErrorCode>({
        code: 'builder-lacks',
        message: `buildah cannot build ${quote(service)} from an image for several platforms that was not pushed`,
        remedy: 'leave "platforms" empty if nothing is pushed, or use the builder docker or buildkit',
      });
    stored[name] = config.replace(/^sha256:/, '');
  }
  return stored;
}

async function readObject(path: string): Promise<JsonObject> {
  const content = JSON.parse(await readFile(path, 'utf8')) as JsonValue;
  return isJsonObject(content) ? content : {};
}

function digestOf(descriptor: JsonValue | undefined): string | undefined {
  const digest = isJsonObject(descriptor) ? descriptor['digest'] : undefined;
  return typeof digest === 'string' ? digest : undefined;
}
