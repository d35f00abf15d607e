import { findScheduledLook, openCluster, openRegistry, openRunnerHistory } from '@slipway/action-kit';
import type { DeliverySurroundings } from '@slipway/delivery';
import { readableCommits } from '@slipway/git';
import type { Runner } from '@slipway/github';
import { filesBelow } from '@slipway/render';
import type { Inputs } from './inputs/inputs.ts';

/** What a delivery needs of the runner and the inputs. */
export function surroundingsOf(
  { cluster, registries, token, request: { application } }: Inputs,
  runner: Runner,
): DeliverySurroundings {
  const { workspace, temporaryDirectory, environment, exec, logger, signal, idToken, context } = runner;
  const commits = openRunnerHistory({ application, token }, runner);
  return {
    ...{ workspace, temporaryDirectory, environment, exec, logger, signal, idToken },
    run: {
      ...{ repository: context.repository, actor: context.actor, url: context.runUrl },
      server: context.serverUrl,
    },
    clock: () => new Date(),
    mask: secret => runner.mask(secret),
    openCluster: destination =>
      openCluster({ ...cluster, recordKeys: registries.recordKeys }, destination, runner),
    openRegistry: () => openRegistry(registries, runner),
    scheduledLook: wanted => findScheduledLook(token, wanted, runner),
    commits,
    earlier: readableCommits(commits, filesBelow(workspace), workspace),
  };
}
