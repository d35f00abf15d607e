import { openCluster } from '@slipway/action-kit';
import type { ClusterClient } from '@slipway/cluster';
import type { PostStep, Runner } from '@slipway/github';
import { cancelSteps } from '@slipway/release';
import { closeUnverified, notedRecords, type OpenRecord } from './end/open-records.ts';
import type { Inputs } from './inputs.ts';
import { recordedAs } from './steps/decision.ts';

/**
 * Closes the records that a killed run had open, so that their releases do not seem to be still under verification. A release in steps
 * is rejected instead, before its commit: no copy outlives the run that brought it.
 */
export const post: PostStep<Inputs> = async (inputs, runner, saved) => {
  const records = notedRecords(saved);
  const [first] = records;
  if (first === undefined) return;
  const { destination: name, context } = first;
  const client = await openCluster({ ...inputs, context }, { name, context }, runner);
  try {
    for (const record of records) {
      await closeUnverified(client, record, { clock: () => new Date(), logger: runner.logger });
      await rejectInSteps(client, record, inputs, runner);
    }
  } finally {
    client.close();
  }
};

async function rejectInSteps(
  client: ClusterClient,
  release: OpenRecord,
  inputs: Inputs,
  runner: Runner,
): Promise<void> {
  const { context, signal, logger } = runner;
  const as = { ...recordedAs({ runner, inputs }), reason: 'the run was killed' };
  await cancelSteps({
    ...{ client, release, signal, logger },
    clock: () => new Date(),
    holder: context.runUrl || 'slipway',
    repository: context.repository,
    timeout: inputs.lockTimeout,
    decision: { what: 'reject', barred: {}, as },
  });
}
