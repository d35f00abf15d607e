import { spawnFor } from '@slipway/action-kit';
import { defined } from '@slipway/core';
import { DEFAULT_APPLICATION, type SpawnChoice } from '@slipway/delivery';
import { baseCommitOf, openGitHubApi, type Runner, remoteCommits } from '@slipway/github';
import type { Inputs } from '../inputs/inputs.ts';

/** The inputs with the instance that the request is about, where one is named. @throws SlipwayError `input-invalid` */
export function withSpawn<Given extends Inputs>(inputs: Given, runner: Runner): Given {
  const what = spawnFor(inputs.spawn, runner.context);
  return what === undefined ? inputs : withChoice(inputs, { what });
}

/** The same with the block of the base commit, for what is deployed on a pull request. @throws SlipwayError also `base-unreadable` */
export async function withBaseSpawn<Given extends Inputs>(inputs: Given, runner: Runner): Promise<Given> {
  const what = spawnFor(inputs.spawn, runner.context);
  if (what === undefined) return inputs;
  const blockOf = await readBlocks(inputs, runner);
  return withChoice(inputs, { what, ...defined({ blockOf }) });
}

function withChoice<Given extends Inputs>(inputs: Given, spawn: SpawnChoice): Given {
  return { ...inputs, request: { ...inputs.request, spawn } };
}

async function readBlocks(
  { token, request }: Inputs,
  runner: Runner,
): Promise<SpawnChoice['blockOf'] | undefined> {
  const { context, workspace, temporaryDirectory, environment, exec, logger, signal } = runner;
  const commit = baseCommitOf(context);
  if (commit === undefined) return undefined;
  const { readBaseSpawning } = await import('@slipway/check');
  const openApi = () => openGitHubApi({ apiUrl: context.apiUrl, token, signal, logger });
  const base = await readBaseSpawning(commit, request.application || DEFAULT_APPLICATION, {
    ...{ workspace, temporaryDirectory, environment, exec, logger, signal },
    clock: () => new Date(),
    openCluster: () => Promise.reject(new TypeError('a base commit needs no cluster')),
    remoteHistory:
      token === '' || context.repository === '' ? undefined : remoteCommits(openApi, context.repository),
  });
  return base && ((formation, own) => base.blockOf(formation, own));
}
