import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Problem, Problems, quote, SlipwayError, throwIfAny } from '@slipway/core';
import type { BuildErrorCode } from './error-codes.ts';
import type { ImageBuild } from './image-build.ts';

/** Values of build secrets by id. */
export type BuildSecrets = ReadonlyMap<string, Buffer>;

/**
 * Reads the step's build secrets: the value itself, or `@file`, relative to `directory`.
 * @throws SlipwayError `build-secret-unreadable` for every file that cannot be read
 */
export async function readBuildSecrets(
  pairs: Readonly<Record<string, string>>,
  directory: string,
): Promise<BuildSecrets> {
  const problems = new Problems<BuildErrorCode>();
  const secrets = new Map<string, Buffer>();
  for (const [id, value] of Object.entries(pairs)) {
    const content = await problems.collect(() => readSecret(id, value, directory));
    if (content !== undefined) secrets.set(id, content);
  }
  problems.throwIfAny();
  return secrets;
}

async function readSecret(id: string, value: string, directory: string): Promise<Buffer> {
  if (!value.startsWith('@')) return Buffer.from(value);
  try {
    return await readFile(resolve(directory, value.slice(1)));
  } catch (cause) {
    // Only the id is named: a secret that happens to begin with @ must not end up in the message.
    throw new SlipwayError<BuildErrorCode>(
      {
        code: 'build-secret-unreadable',
        message: `the file of the build secret ${quote(id)} cannot be read`,
        remedy: 'correct the path after the @ in build-secrets; it is relative to the workspace',
      },
      { cause },
    );
  }
}

/** A problem for each secret that an image needs and the step does not have. */
export function missingSecrets(
  { service, secrets }: Pick<ImageBuild, 'service' | 'secrets'>,
  given: BuildSecrets,
): Problem<BuildErrorCode>[] {
  return secrets
    .filter(id => !given.has(id))
    .map(id => ({
      code: 'build-secret-missing',
      message: `the service ${quote(service)} needs the build secret ${quote(id)}, which the step does not have`,
      remedy: `add the line ${id}=… to build-secrets`,
    }));
}

/** Writes the secrets of one build to files that only this user can read. @returns their paths by id */
export async function writeSecrets(
  directory: string,
  build: ImageBuild,
  given: BuildSecrets,
): Promise<Record<string, string>> {
  throwIfAny<BuildErrorCode>(missingSecrets(build, given));
  const files = build.secrets.map((id, index) => [id, join(directory, `secret-${index}`)] as const);
  for (const [id, path] of files) await writeFile(path, given.get(id) ?? '', { mode: 0o600, flag: 'wx' });
  return Object.fromEntries(files);
}
