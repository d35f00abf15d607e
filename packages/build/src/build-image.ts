import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import { buildCommand } from './arguments.ts';
import type { Builder } from './builders.ts';
import type { BuildErrorCode } from './error-codes.ts';
import type { Exec } from './exec.ts';
import { FailureReader } from './failure-reader.ts';
import type { BuildOutput, ImageBuild } from './image-build.ts';
import { type BuildSecrets, writeSecrets } from './secrets.ts';

export interface BuildOptions {
  readonly exec: Exec;
  readonly secrets: BuildSecrets;
  /** Where a folder for secrets and metadata may be made; it is removed at the end. */
  readonly temporaryDirectory: string;
  /** Called for each line of the builder's log. */
  readonly onLine: (line: string) => void;
}

const digestPattern = /^sha256:[0-9a-f]{64}$/;

/**
 * Builds an image and pushes it to its repository by digest; no tag is written.
 * @returns the digest
 * @throws SlipwayError `build-failed` with the builder's own reason, on the line of the Dockerfile that failed;
 * `build-without-digest`, `build-secret-missing`
 */
export async function buildImage(
  builder: Builder,
  build: ImageBuild,
  options: BuildOptions,
): Promise<string> {
  return await inScratchFolder(options, async directory => {
    const metadata = await runBuilder(builder, build, { ...options, directory, output: 'push' });
    return await readDigest(metadata, build.service);
  });
}

/** Builds an image to know that it builds, and keeps it nowhere. @throws SlipwayError as `buildImage` does */
export async function tryImage(builder: Builder, build: ImageBuild, options: BuildOptions): Promise<void> {
  await inScratchFolder(options, directory =>
    runBuilder(builder, build, { ...options, directory, output: 'discard' }),
  );
}

/**
 * Builds an image into a folder that is made at `layout`, in OCI's layout, for builds that start from it.
 * @returns the digest
 * @throws SlipwayError as `buildImage` does
 */
export async function writeImage(
  builder: Builder,
  build: ImageBuild,
  options: BuildOptions & { readonly layout: string },
): Promise<string> {
  return await inScratchFolder(options, async directory => {
    const output = { layout: options.layout };
    const metadata = await runBuilder(builder, build, { ...options, directory, output });
    return await readDigest(metadata, build.service);
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

interface RunOptions extends BuildOptions {
  readonly directory: string;
  readonly output: BuildOutput;
}

/** @returns the file in which the builder says what it pushed */
async function runBuilder(builder: Builder, build: ImageBuild, options: RunOptions): Promise<string> {
  const { directory, output, exec, onLine } = options;
  const secrets = await writeSecrets(directory, build, options.secrets);
  const metadata = join(directory, 'metadata.json');
  const newCache = build.cacheDirectory === undefined ? '' : `${build.cacheDirectory}.new`;
  const { command, args } = buildCommand(builder, build, { metadata, secrets, newCache }, output);
  const failure = new FailureReader(build);
  const { exitCode } = await exec(command, args, {
    onLine(line) {
      failure.read(line);
      onLine(line);
    },
  });
  if (exitCode !== 0) throw new SlipwayError<BuildErrorCode>(failure.problem(exitCode));
  await replaceCache(build.cacheDirectory, newCache);
  return metadata;
}

/** Only a cache that was written whole takes the place of the old one; a build that is not pushed writes none. */
async function replaceCache(directory: string | undefined, newCache: string): Promise<void> {
  if (directory === undefined || !existsSync(newCache)) return;
  await rm(directory, { recursive: true, force: true });
  await rename(newCache, directory);
}

async function readDigest(path: string, service: string): Promise<string> {
  const digest = parseDigest(await readFile(path, 'utf8').catch(() => ''));
  if (digest !== undefined) return digest;
  throw new SlipwayError<BuildErrorCode>({
    code: 'build-without-digest',
    message: `the builder did not say what it pushed for ${quote(service)}`,
    remedy: 'use BuildKit 0.11 or later',
  });
}

function parseDigest(text: string): string | undefined {
  try {
    const metadata = JSON.parse(text) as JsonValue;
    const digest = isJsonObject(metadata) ? metadata['containerimage.digest'] : undefined;
    return typeof digest === 'string' && digestPattern.test(digest) ? digest : undefined;
  } catch {
    return undefined;
  }
}
