import { SlipwayError } from '@slipway/core';
import type { RunOptions } from './build-options.ts';
import type { BuildErrorCode } from './error-codes.ts';
import { FailureReader } from './failure-reader.ts';
import type { ImageBuild } from './image-build.ts';

/**
 * Runs a builder's program until it ends.
 * @returns what its output says, which may be more
 * @throws SlipwayError with the builder's own reason
 */
export async function runProgram(
  build: ImageBuild,
  command: string,
  args: readonly string[],
  { exec, onLine, environment }: Pick<RunOptions, 'exec' | 'onLine' | 'environment'>,
): Promise<FailureReader> {
  const failure = new FailureReader(build);
  const { exitCode } = await exec(command, args, {
    environment,
    onLine(line) {
      failure.read(line);
      onLine(line);
    },
  });
  if (exitCode !== 0) throw new SlipwayError<BuildErrorCode>(await failure.problem(exitCode));
  return failure;
}
