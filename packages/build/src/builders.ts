import { type Exec, type Logger, quote, SlipwayError } from '@slipway/core';
import type { BuildErrorCode } from './error-codes.ts';

export const BUILDER_CHOICES = ['auto', 'docker', 'buildkit', 'buildah'] as const;
export type BuilderChoice = (typeof BUILDER_CHOICES)[number];

/** A BuildKit and the program that is its client. */
export type BuildkitBuilder =
  | {
      readonly kind: 'buildx';
      readonly command: string;
      /** Arguments before buildx's own: `buildx` if it is a plugin of docker. */
      readonly prefix: readonly string[];
      /** The builder's name; the user's current one if absent. */
      readonly name?: string;
    }
  | { readonly kind: 'buildctl'; readonly address: string };

/** buildah, which builds without a daemon. */
export interface BuildahBuilder {
  readonly kind: 'buildah';
  readonly version: string;
}

export type Builder = BuildkitBuilder | BuildahBuilder;

export interface FindBuilderOptions {
  readonly exec: Exec;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/** The builder that is created if docker has only its default one, which cannot push by digest. */
const OWN_BUILDER = 'slipway';
const BUILDX_COMMANDS = [
  { command: 'docker', prefix: ['buildx'] },
  { command: 'buildx', prefix: [] },
  { command: 'docker-buildx', prefix: [] },
] as const;

/**
 * The builder to use, which is also logged. `auto` takes the BuildKit that BUILDKIT_HOST names, else docker's buildx, else buildah.
 * @throws SlipwayError `builder-missing`, `builder-unusable`
 */
export async function findBuilder(choice: BuilderChoice, options: FindBuilderOptions): Promise<Builder> {
  const builder = await (choice === 'auto' ? findAny(options) : findNamed(choice, options));
  options.logger.info(`Building with ${describeBuilder(builder)}`);
  return builder;
}

async function findNamed(
  choice: Exclude<BuilderChoice, 'auto'>,
  options: FindBuilderOptions,
): Promise<Builder> {
  const { exec, environment } = options;
  if (choice === 'buildkit') return await findBuildctl(environment['BUILDKIT_HOST'] ?? '', exec);
  if (choice === 'docker') return await findBuildx(options);
  const buildah = await findBuildah(exec);
  if (buildah !== undefined) return buildah;
  throw missing('there is no "buildah" on this machine', 'install it, or choose another builder');
}

/** BUILDKIT_HOST is a choice that someone made, so that its failure is an error; a docker that does not run is passed over. */
async function findAny(options: FindBuilderOptions): Promise<Builder> {
  if ((options.environment['BUILDKIT_HOST'] ?? '') !== '') return await findNamed('buildkit', options);
  try {
    return await findBuildx(options);
  } catch (error) {
    const buildah = error instanceof SlipwayError ? await findBuildah(options.exec) : undefined;
    if (buildah === undefined) throw error;
    options.logger.info(`Docker is not used: ${(error as SlipwayError).message}`);
    return buildah;
  }
}

async function findBuildah(exec: Exec): Promise<BuildahBuilder | undefined> {
  const answer = await exec('buildah', ['--version']).catch(() => undefined);
  if (answer?.exitCode !== 0) return undefined;
  return { kind: 'buildah', version: /\d+(?:\.\d+)+/.exec(answer.stdout)?.[0] ?? '' };
}

/** The builder's name for people. */
export function describeBuilder(builder: Builder): string {
  if (builder.kind === 'buildctl') return `BuildKit at ${builder.address}`;
  if (builder.kind === 'buildah') return `buildah ${builder.version}`;
  const command = [builder.command, ...builder.prefix].join(' ');
  return builder.name === undefined ? command : `${command} (builder ${builder.name})`;
}

async function findBuildctl(address: string, exec: Exec): Promise<Builder> {
  if (address === '')
    throw unusable(
      'the builder "buildkit" needs an address',
      'set BUILDKIT_HOST, such as unix:///run/buildkit/buildkitd.sock',
    );
  if (!(await runs(exec, 'buildctl', ['--version'])))
    throw missing(
      'there is no "buildctl" on this machine',
      'install BuildKit with its client, or unset BUILDKIT_HOST',
    );
  const answer = await exec('buildctl', ['--addr', address, 'debug', 'workers']);
  if (answer.exitCode !== 0)
    throw unusable(`BuildKit at ${quote(address)} does not answer`, 'start it, or correct BUILDKIT_HOST');
  return { kind: 'buildctl', address };
}

async function findBuildx({ exec, logger }: FindBuilderOptions): Promise<Builder> {
  for (const { command, prefix } of BUILDX_COMMANDS) {
    if (!(await runs(exec, command, [...prefix, 'version']))) continue;
    const state = await inspect(exec, command, prefix);
    if (state.driver === 'docker') return await useOwnBuilder(command, prefix, exec, logger);
    if (state.error === undefined) return { kind: 'buildx', command, prefix };
    const remedy =
      'start docker, or create a builder in an earlier step (docker buildx create, or docker/setup-buildx-action)';
    throw unusable(`buildx has no builder that answers (${quote(state.error)})`, remedy);
  }
  throw missing(
    'neither docker with buildx nor BuildKit nor buildah is on this machine',
    'install one of them, or set BUILDKIT_HOST where buildctl is',
  );
}

async function inspect(exec: Exec, command: string, prefix: readonly string[], name?: string) {
  const args = [...prefix, 'inspect', ...(name === undefined ? [] : [name])];
  const { exitCode, stdout, stderr } = await exec(command, args);
  const field = (key: string) =>
    new RegExp(`^${key}:[ \\t]*(.*)$`, 'm').exec(stdout)?.[1]?.trim() || undefined;
  const error = field('Error') ?? (exitCode === 0 ? undefined : stderr.trim().split('\n').at(-1));
  return { driver: field('Driver'), error };
}

/** The host's network is used, since the registry may be on this machine's loopback address. */
const OWN_BUILDER_ARGUMENTS = [
  'create',
  '--name',
  OWN_BUILDER,
  '--driver',
  'docker-container',
  '--driver-opt',
  'network=host',
];

async function useOwnBuilder(
  command: string,
  prefix: readonly string[],
  exec: Exec,
  logger: Logger,
): Promise<Builder> {
  const existing = await inspect(exec, command, prefix, OWN_BUILDER);
  if (existing.driver !== 'docker-container') {
    logger.info(`Creating the builder ${OWN_BUILDER}: docker's default builder cannot push by digest`);
    const { exitCode, stderr } = await exec(command, [...prefix, ...OWN_BUILDER_ARGUMENTS]);
    if (exitCode !== 0)
      throw unusable(
        `docker could not create a builder (${quote(stderr.trim().split('\n').at(-1) ?? '')})`,
        'create one in an earlier step (docker/setup-buildx-action)',
      );
  }
  return { kind: 'buildx', command, prefix, name: OWN_BUILDER };
}

async function runs(exec: Exec, command: string, args: readonly string[]): Promise<boolean> {
  return await exec(command, args).then(
    ({ exitCode }) => exitCode === 0,
    () => false,
  );
}

function missing(message: string, remedy: string): SlipwayError<BuildErrorCode> {
  return new SlipwayError({ code: 'builder-missing', message, remedy });
}

function unusable(message: string, remedy: string): SlipwayError<BuildErrorCode> {
  return new SlipwayError({ code: 'builder-unusable', message, remedy });
}
