import {
  type Builder,
  type BuilderChoice,
  type BuildOptions,
  type BuildSecrets,
  findBuilder,
  type ImageBuild,
} from '@slipway/build';
import { type Clock, Problems } from '@slipway/core';
import { codeBlock, escapeMarkdown, type Runner } from '@slipway/github';
import { createLineBuffer, type LineBuffer } from './line-buffer.ts';
import type { Plan } from './plan.ts';

/** What became of one build, and how long it took. */
export interface Built<Result> {
  readonly build: ImageBuild;
  readonly result: Result;
  readonly milliseconds: number;
}

export interface BuildServicesOptions {
  readonly secrets: BuildSecrets;
  readonly runner: Runner;
  readonly clock: Clock;
}

/** `buildImage` or `tryImage` with a builder. */
export type BuildWork<Result> = (build: ImageBuild, options: BuildOptions) => Promise<Result>;

/** The builder, or undefined where nothing is to be built. */
export async function findBuilderFor(
  { builds }: Plan,
  choice: BuilderChoice,
  { exec, environment, logger }: Runner,
): Promise<Builder | undefined> {
  return builds.length === 0 ? undefined : await findBuilder(choice, { exec, environment, logger });
}

/** What of a failed build's log is shown again where nobody has to unfold it. */
const SHOWN_LINES = 15;

interface RunningBuild<Result> {
  readonly service: string;
  readonly log: LineBuffer;
  readonly result: Promise<Built<Result> | undefined>;
}

/**
 * Builds all images at the same time; BuildKit itself shares out the work. Each log is a group of its own, in the order of the
 * services, live as far as that order allows.
 * @throws SlipwayError with the problem of every build that failed
 */
export async function buildServices<Result>(
  builds: readonly ImageBuild[],
  work: BuildWork<Result>,
  options: BuildServicesOptions,
): Promise<Built<Result>[]> {
  const { runner } = options;
  const problems = new Problems();
  const running = builds.map(build => startBuild(build, work, options, problems));
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
  build: ImageBuild,
  work: BuildWork<Result>,
  { secrets, runner, clock }: BuildServicesOptions,
  problems: Problems,
): RunningBuild<Result> {
  const log = createLineBuffer();
  const started = clock().getTime();
  const { exec, temporaryDirectory } = runner;
  const result = problems
    .collect(async () => {
      const made = await work(build, { exec, secrets, temporaryDirectory, onLine: log.push });
      return { build, result: made, milliseconds: clock().getTime() - started };
    })
    .finally(log.close);
  return { service: build.service, log, result };
}

function showFailure(service: string, log: LineBuffer, runner: Runner): void {
  const lines = log.last(SHOWN_LINES);
  runner.logger.info(`Last lines of the build of ${service}:`);
  for (const line of lines) runner.logger.info(line);
  runner.addSummary(`\n**Build of ${escapeMarkdown(service)}**\n\n${codeBlock(lines)}\n`);
}
