import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { SlipwayError } from '@slipway/core';
import { cacheFolder } from '../build/cache.ts';
import { findProgram } from '../build/machine.ts';
import { partOf } from '../build/parts.ts';
import type { TestbedErrorCode } from '../error-codes.ts';
import type { Surroundings } from './options.ts';
import type { SupervisedProcess } from './supervision.ts';

const run = promisify(execFile);

/** The images whose programs replace those that the testbed builds. */
export const IMAGES = {
  registry: 'registry:3',
  buildkit: `moby/buildkit:v${partOf('buildkit').version}`,
} as const;

/** The docker command, once its daemon answers and has the images. Throws testbed-machine. */
export async function requireDocker(images: readonly string[], surroundings: Surroundings): Promise<string> {
  const env = { ...surroundings.environment };
  const docker = await findProgram('docker', env);
  const answers = docker !== undefined && (await succeeds(docker, ['version'], env));
  if (!answers) throw problem('Docker does not answer', 'start it, or leave --use-docker out');
  for (const image of images) {
    if (await succeeds(docker, ['image', 'inspect', image], env)) continue;
    surroundings.progress.line(`docker pulls ${image}`);
    if (await succeeds(docker, ['pull', '--quiet', image], env)) continue;
    throw problem(
      `Docker could not pull ${image}`,
      `see what \`docker pull ${image}\` says, or leave --use-docker out`,
    );
  }
  return docker;
}

/** Copies buildctl, which runs outside of containers, from BuildKit's image, once. */
export async function extractBuildctl(docker: string, { environment }: Surroundings): Promise<string> {
  const folder = join(cacheFolder(environment), `${IMAGES.buildkit.replace(/[/:]/g, '-')}`);
  const path = join(folder, 'buildctl');
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) return path;
  await mkdir(folder, { recursive: true });
  const env = { ...environment };
  const container = (await run(docker, ['create', IMAGES.buildkit], { env })).stdout.trim();
  try {
    await run(docker, ['cp', `${container}:/usr/bin/buildctl`, path], { env });
  } finally {
    await run(docker, ['rm', '--force', container], { env });
  }
  return path;
}

/**
 * The same process in a container: on the host's network, with the testbed's folder at the same path, so that neither its
 * configuration nor its clients see a difference. Killing the docker command does not stop the container, hence the cleanup.
 */
export function inContainer(
  wanted: SupervisedProcess,
  container: {
    readonly docker: string;
    readonly image: string;
    readonly folder: string;
    readonly options: readonly string[];
  },
): SupervisedProcess {
  const { docker, image, folder, options } = container;
  const name = `slipway-testbed-${basename(folder)}-${wanted.name}`;
  const variables = Object.entries(wanted.environment ?? {}).map(([key, value]) => `--env=${key}=${value}`);
  const surroundings = ['--network=host', `--volume=${folder}:${folder}`, `--entrypoint=${wanted.command}`];
  return {
    name: wanted.name,
    command: docker,
    args: ['run', '--rm', `--name=${name}`, ...surroundings, ...options, ...variables, image, ...wanted.args],
    gentle: true,
    cleanup: [docker, 'rm', '--force', name],
  };
}

async function succeeds(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  return await run(command, [...args], { env }).then(
    () => true,
    () => false,
  );
}

function problem(message: string, remedy: string): SlipwayError {
  return new SlipwayError<TestbedErrorCode>({ code: 'testbed-machine', message, remedy });
}
