import { type Builder, type BuildSecrets, buildImage, type ImageBuild } from '@slipway/build';
import { type Clock, Problems } from '@slipway/core';
import { codeBlock, escapeMarkdown, type Runner } from '@slipway/github';
import { createLineBuffer, type LineBuffer } from './line-buffer.ts';

export interface BuiltImage {
  readonly service: string;
  /** `registry/repository` that it was pushed to. */
  readonly repository: string;
  readonly digest: string;
  readonly milliseconds: number;
}

export interface BuildServicesOptions {
  readonly builder: Builder;
  readonly secrets: BuildSecrets;
  readonly runner: Runner;
  readonly clock: Clock;
}

/** What of a failed build's log is shown again where nobody has to unfold it. */
const SHOWN_LINES = 15;

interface RunningBuild {
  readonly service: string;
  readonly log: LineBuffer;
  readonly result: Promise<BuiltImage | undefined>;
}

/**
 * Builds all images at the same time; BuildKit itself shares out the work. Each log is a group of its own, in the order of the
 * services, live as far as that order allows.
 * @throws SlipwayError with the problem of every build that failed
 */
export async function buildServices(
  builds: readonly ImageBuild[],
  options: BuildServicesOptions,
): Promise<BuiltImage[]> {
  const { runner } = options;
  const problems = new Problems();
  const running = builds.map(build => startBuild(build, options, problems));
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

function startBuild(
  build: ImageBuild,
  { builder, secrets, runner, clock }: BuildServicesOptions,
  problems: Problems,
): RunningBuild {
  const log = createLineBuffer();
  const started = clock().getTime();
  const result = problems
    .collect(async () => {
      const { exec, temporaryDirectory } = runner;
      const digest = await buildImage(builder, build, {
        exec,
        secrets,
        temporaryDirectory,
        onLine: log.push,
      });
      return {
        service: build.service,
        repository: build.repository,
        digest,
        milliseconds: clock().getTime() - started,
      };
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
