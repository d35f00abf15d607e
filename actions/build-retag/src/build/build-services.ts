import {
  type Builder,
  type BuilderChoice,
  type BuildOptions,
  type BuildSecrets,
  findBuilder,
  type ImageBuild,
  type NamedContext,
} from '@slipway/build';
import { type Clock, Problems } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { parseRepository, pushLayout, type RegistryClient } from '@slipway/registry';
import { codeBlock, escapeMarkdown } from '@slipway/report';
import type { Plan, PlannedBuild } from '../plan/plan.ts';
import { createLineBuffer, type LineBuffer } from './line-buffer.ts';

/** What became of one build, and how long it took. */
export interface Built<Result> {
  readonly build: ImageBuild;
  readonly result: Result;
  readonly milliseconds: number;
}

/** The images of services as other builds can start from them; undefined where there will be none. */
export type ServiceImages = ReadonlyMap<string, Promise<NamedContext | undefined>>;

export interface BuildServicesOptions {
  readonly secrets: BuildSecrets;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly client: RegistryClient;
  readonly plainHttpRegistries: readonly string[];
  /** The images of the services that are not built. */
  readonly images: ServiceImages;
}

/** A build whose images to start from are there. */
export type ReadyBuild = Omit<PlannedBuild, 'dependsOn'>;

/** How one image is built, and how others can start from what came out. */
export interface BuildWork<Result> {
  build(build: ReadyBuild, options: BuildOptions): Promise<Result>;
  imageOf(build: ImageBuild, result: Result): NamedContext | undefined;
}

/** The builder, or undefined where nothing is to be built. */
export async function findBuilderFor(
  { builds }: Plan,
  choice: BuilderChoice,
  { exec, environment, logger }: Runner,
): Promise<Builder | undefined> {
  return builds.length === 0 ? undefined : await findBuilder(choice, { exec, environment, logger });
}

/** How many lines of a failed build's log are repeated outside of its group. */
const SHOWN_LINES = 15;

interface RunningBuild<Result> {
  readonly service: string;
  readonly log: LineBuffer;
  readonly result: Promise<Built<Result> | undefined>;
}

/**
 * Builds all images at the same time, each as soon as those are there that it starts from; BuildKit itself shares out the work.
 * Each log is a group of its own, in the order of the builds, live as far as that order allows.
 * @param builds those that others start from first
 * @throws SlipwayError with the problem of every build that failed
 */
export async function buildServices<Result>(
  builds: readonly PlannedBuild[],
  work: BuildWork<Result>,
  options: BuildServicesOptions,
): Promise<Built<Result>[]> {
  const { runner } = options;
  const problems = new Problems();
  const running: RunningBuild<Result>[] = [];
  const images = new Map(options.images);
  for (const build of builds) {
    const started = startBuild(build, work, { ...options, images: new Map(images) }, problems);
    running.push(started);
    const image = started.result.then(built => built && work.imageOf(built.build, built.result));
    // What is unexpected is thrown below, once the logs are shown.
    image.catch(() => {});
    images.set(build.service, image);
  }
  const results = Promise.all(running.map(({ result }) => result));
  // Awaited after the logs: what is unexpected must not count as unhandled until then.
  results.catch(() => {});
  for (const { service, log } of running)
    await runner.group(`Build ${service}`, () => log.follow(line => runner.logger.info(line)));
  const built = await results;
  for (const [index, { service, log }] of running.entries())
    if (built[index] === undefined) showFailure(service, log, runner);
  problems.throwIfAny();
  return built.filter(image => image !== undefined);
}

function startBuild<Result>(
  { dependsOn, ...build }: PlannedBuild,
  work: BuildWork<Result>,
  { clock, images, ...options }: BuildServicesOptions,
  problems: Problems,
): RunningBuild<Result> {
  const log = createLineBuffer();
  const result = problems
    .collect(async () => {
      const needed = await waitFor(dependsOn, images, log);
      if (needed === undefined) return undefined;
      const started = clock().getTime();
      const whole = { ...build, contexts: { ...build.contexts, ...needed } };
      const made = await work.build(whole, buildOptions(options, log));
      return { build: whole, result: made, milliseconds: clock().getTime() - started };
    })
    .finally(log.close);
  return { service: build.service, log, result };
}

function buildOptions(
  { runner, client, secrets, plainHttpRegistries }: Omit<BuildServicesOptions, 'clock' | 'images'>,
  log: LineBuffer,
): BuildOptions {
  const { exec, environment, temporaryDirectory } = runner;
  return {
    ...{ exec, environment, temporaryDirectory, secrets, plainHttpRegistries, onLine: log.push },
    async pushLayout(layout, digest, repository) {
      await pushLayout(client, layout, digest, parseRepository(repository));
    },
  };
}

/** The images that a build starts from, or undefined if one of them failed, which is that one's error and not this one's. */
async function waitFor(
  dependsOn: readonly string[],
  images: ServiceImages,
  log: LineBuffer,
): Promise<Record<string, NamedContext> | undefined> {
  const contexts: Record<string, NamedContext> = {};
  for (const service of dependsOn) {
    const image = await images.get(service);
    if (image !== undefined) contexts[service] = image;
    else log.push(`Not built: it starts from ${service}, which is not there`);
  }
  return Object.keys(contexts).length === dependsOn.length ? contexts : undefined;
}

function showFailure(service: string, log: LineBuffer, runner: Runner): void {
  const lines = log.last(SHOWN_LINES);
  runner.logger.info(`Last lines of the build of ${service}:`);
  for (const line of lines) runner.logger.info(line);
  runner.addSummary(`\n**Build of ${escapeMarkdown(service)}**\n\n${codeBlock(lines)}\n`);
}
