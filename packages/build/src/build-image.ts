import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import { withSafeGit } from '@slipway/git';
import { buildCommand } from './arguments.ts';
import type { BuildOptions, RunOptions } from './build-options.ts';
import { runBuildah } from './buildah.ts';
import type { Builder, BuildkitBuilder } from './builders.ts';
import { writesCache } from './cache-options.ts';
import type { BuildErrorCode } from './error-codes.ts';
import type { BuildOutput, ImageBuild } from './image-build.ts';
import { runProgram } from './run-program.ts';
import { writeSecrets } from './secrets.ts';
import { parseWarnings } from './warnings.ts';

const DIGEST_PATTERN = /^sha256:[0-9a-f]{64}$/;

/**
 * Builds an image and pushes it to its repository by digest; no tag is written.
 * @returns the digest
 * @throws SlipwayError `build-failed` with the builder's own reason, on the line of the Dockerfile that failed;
 * `build-without-digest`, `build-secret-missing`, `builder-lacks`
 */
export async function buildImage(
  builder: Builder,
  build: ImageBuild,
  options: BuildOptions,
): Promise<string> {
  return requireDigest(await runBuilder(builder, build, options, 'push'), build);
}

/** Builds an image to find out whether it can be built, and discards it. @throws SlipwayError as `buildImage` does */
export async function tryImage(builder: Builder, build: ImageBuild, options: BuildOptions): Promise<void> {
  await runBuilder(builder, build, options, 'discard');
}

/**
 * Builds an image and writes it in OCI's layout to a new folder at `layout`, for builds that start from it.
 * @returns the digest
 * @throws SlipwayError as `buildImage` does
 */
export async function writeImage(
  builder: Builder,
  build: ImageBuild,
  options: BuildOptions & { readonly layout: string },
): Promise<string> {
  return requireDigest(await runBuilder(builder, build, options, { layout: options.layout }), build);
}

/** Builds a stage and writes the files in it to a folder, which must exist. @throws SlipwayError as `buildImage` does */
export async function writeFiles(
  builder: Builder,
  build: ImageBuild,
  options: BuildOptions & { readonly folder: string },
): Promise<void> {
  await runBuilder(builder, build, options, { files: options.folder });
}

/** @returns the digest of the image that was pushed or written; undefined if the builder does not report it */
async function runBuilder(
  builder: Builder,
  build: ImageBuild,
  options: BuildOptions,
  output: BuildOutput,
): Promise<string | undefined> {
  return await inScratchFolder(options, async directory => {
    const whole = { ...options, directory, output };
    return builder.kind === 'buildah'
      ? await runBuildah(build, whole)
      : await runBuildkit(builder, build, whole);
  });
}

function requireDigest(digest: string | undefined, { service }: ImageBuild): string {
  if (digest !== undefined) return digest;
  throw new SlipwayError<BuildErrorCode>({
    code: 'build-without-digest',
    message: `the builder did not report the digest of the image that it pushed for ${quote(service)}`,
    remedy: 'use BuildKit 0.11 or later',
  });
}

async function inScratchFolder<Result>(
  { temporaryDirectory }: BuildOptions,
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(temporaryDirectory, 'slipway-build-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function runBuildkit(
  builder: BuildkitBuilder,
  build: ImageBuild,
  options: RunOptions,
): Promise<string | undefined> {
  const { directory, output, exec, onLine, environment } = options;
  const secrets = await writeSecrets(directory, build, options.secrets);
  const metadata = join(directory, 'metadata.json');
  const trace = join(directory, 'trace.json');
  const newCache = build.cacheDirectory === undefined ? '' : `${build.cacheDirectory}.new`;
  const { command, args } = buildCommand(builder, build, { metadata, trace, secrets, newCache }, output);
  const failure = await runProgram(build, command, args, {
    ...{ exec, onLine },
    environment: { ...withSafeGit(environment), BUILDX_METADATA_WARNINGS: '1' },
  });
  const written = await readFile(metadata, 'utf8').catch(() => '');
  const events = await readFile(trace, 'utf8').catch(() => '');
  for (const warning of parseWarnings(written, events)) failure.read(warning);
  if (failure.foreignBase !== undefined) throw new SlipwayError<BuildErrorCode>(failure.foreignBase);
  if (writesCache(build, output)) await replaceCache(build.cacheDirectory, newCache);
  return parseDigest(written);
}

/** Only a completely written cache replaces the old one. */
async function replaceCache(directory: string | undefined, newCache: string): Promise<void> {
  if (directory === undefined || !existsSync(newCache)) return;
  await rm(directory, { recursive: true, force: true });
  await rename(newCache, directory);
}

function parseDigest(text: string): string | undefined {
  try {
    const metadata = JSON.parse(text) as JsonValue;
    const digest = isJsonObject(metadata) ? metadata['containerimage.digest'] : undefined;
    return typeof digest === 'string' && DIGEST_PATTERN.test(digest) ? digest : undefined;
  } catch {
    return undefined;
  }
}
