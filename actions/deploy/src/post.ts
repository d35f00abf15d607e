import { openCluster } from '@slipway/action-kit';
import { isJsonObject, parseJson } from '@slipway/core';
import type { PostStep, Runner } from '@slipway/github';
import { type CancelOptions, cancelSteps, closeAbandoned, type ReleaseIdentity } from '@slipway/release';
import type { Inputs } from './inputs/inputs.ts';

const RECORD = 'release';

/** Milliseconds without progress after which the end of an undo is left to the next run. */
const POST_TIMEOUT = 60_000;

/**
 * Saves which release this run has begun, and how to reach its cluster, for the post step of a run that is killed.
 * @param context of the kubeconfig; empty for the only one
 */
export function noteRelease(
  { application, formation, namespace, destination }: Omit<ReleaseIdentity, 'repository'>,
  number: number,
  context: string,
  runner: Pick<Runner, 'saveState'>,
): void {
  const record = { application, formation, namespace, destination: destination ?? '', number, context };
  runner.saveState(RECORD, JSON.stringify(record));
}

/**
 * Closes the record of a run that was killed, so that its release is not taken for one that is still in progress. One in steps is
 * rejected instead: no copy outlives the run that brought it.
 */
export const post: PostStep<Inputs> = async ({ cluster, registries }, runner, saved) => {
  const record = parseJson(saved(RECORD) || 'null');
  if (!isJsonObject(record)) return;
  const text = (name: string): string => String(record[name] ?? '');
  const owner = {
    application: text('application'),
    formation: text('formation'),
    namespace: text('namespace'),
  };
  const client = await openCluster(
    { ...cluster, context: text('context'), recordKeys: registries.recordKeys },
    { name: text('destination') || undefined, context: '' },
    runner,
  );
  try {
    const number = Number(record['number']);
    const closed = await closeAbandoned(client, owner, number, () => new Date());
    await rejectInSteps(client, { ...owner, number }, runner);
    if (closed !== undefined)
      runner.logger.warning(`Release ${closed.number} was not fully written, and is closed as failed`);
  } finally {
    client.close();
  }
};

async function rejectInSteps(
  client: CancelOptions['client'],
  release: CancelOptions['release'],
  { context, environment, signal, logger }: Runner,
): Promise<void> {
  const actor = environment['GITHUB_TRIGGERING_ACTOR'] || context.actor || 'someone';
  const as = { actor, run: context.runUrl, reason: 'the run was killed' };
  await cancelSteps({
    ...{ client, release, signal, logger },
    clock: () => new Date(),
    holder: context.runUrl || 'slipway',
    repository: context.repository,
    timeout: POST_TIMEOUT,
    decision: { what: 'reject', barred: {}, as },
  });
}
