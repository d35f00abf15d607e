import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import { buildCommand } from './arguments.ts';
import type { Builder } from './builders.ts';
import type { BuildErrorCode } from './error-codes.ts';
import type { Exec } from './exec.ts';
import { FailureReader } from './failure-reader.ts';
import type { ImageBuild } from './image-build.ts';
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
 * @throws SlipwayError `build-failed` with the builder's own reason, on the line of the Dockerfile that failed; `build-without-digest`, `build-secret-missing`
 */
export async function buildImage(
  builder: Builder,
  build: ImageBuild,
  options: BuildOptions,
): Promise<string> {
  const directory = await mkdtemp(join(options.temporaryDirectory, 'slipway-build-'));
  try {
    const secrets = await writeSecrets(directory, build, options.secrets);
    const metadata = join(directory, 'metadata.json');
    const { command, args } = buildCommand(builder, build, { metadata, secrets });
    const failure = new FailureReader(build);
    const { exitCode } = await options.exec(command, args, {
      onLine(line) {
        failure.read(line);
        options.onLine(line);
      },
    });
    if (exitCode !== 0) throw new SlipwayError<BuildErrorCode>(failure.problem(exitCode));
    return await readDigest(metadata, build.service);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
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
