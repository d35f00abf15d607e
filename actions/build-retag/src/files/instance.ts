import { refuseSpawnForStrangers, type SpawnFor, spawnFor } from '@slipway/action-kit';
import { quote, SlipwayError } from '@slipway/core';
import { baseCommitOf, openGitHubApi, type Runner, remoteCommits } from '@slipway/github';
import type { BuildRetagErrorCode } from '../error-codes.ts';
import type { Inputs } from '../inputs.ts';

/** The instance of a spawned formation that images are built for. */
export interface Instance {
  readonly key: string;
  /** Where its images go, and nothing else of this run. */
  readonly registry: string;
}

/**
 * The instance that the inputs ask for, by the block of the base commit; undefined if they ask for none.
 * @param released the registry of the application, which is only read then
 * @throws SlipwayError `spawn-fork` and `spawn-event` before anything is read, `spawn-unmerged`, `spawn-unknown`, `spawn-registry`
 */
export async function readInstance(
  inputs: Inputs,
  released: string,
  runner: Runner,
): Promise<Instance | undefined> {
  if (inputs.spawn === '') return undefined;
  refuseSpawnForStrangers(runner.context);
  const spawn = spawnFor(inputs.spawn, runner.context);
  if (spawn === undefined) return undefined;
  const { name, key, block } = await readBlock(inputs, spawn, runner);
  if (block.registry === released) throw sharedRegistry(name, released);
  runner.logger.info(`Images are for ${name} and go to ${block.registry}; ${released} is only read`);
  return { key, registry: block.registry };
}

/** Loaded only where it is asked for, as an ordinary build needs no base commit. */
async function readBlock({ application, formations, token }: Inputs, spawn: SpawnFor, runner: Runner) {
  const { readSpawned } = await import('@slipway/check');
  const { workspace, environment, exec, logger, signal, context } = runner;
  const open = () => openGitHubApi({ apiUrl: context.apiUrl, token, signal, logger });
  return await readSpawned(
    { application, formations, spawn, base: baseCommitOf(context) },
    {
      ...{ workspace, environment, exec, logger },
      remoteHistory: token === '' ? undefined : remoteCommits(open, context.repository),
    },
  );
}

function sharedRegistry(name: string, registry: string): SlipwayError<BuildRetagErrorCode> {
  return new SlipwayError({
    code: 'spawn-registry',
    message: `${quote(name)} would push to ${quote(registry)}, which is where the images of the application are`,
    remedy: 'name another repository in spec.spawn.registry, or correct the input "registry"',
  });
}
