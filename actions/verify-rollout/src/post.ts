import { openCluster } from '@slipway/action-kit';
import type { PostStep } from '@slipway/github';
import { closeUnverified, notedRecords } from './end/open-records.ts';
import type { Inputs } from './inputs.ts';

/** Closes the records that a killed run had open, so that their releases do not seem to be still under verification. */
export const post: PostStep<Inputs> = async (inputs, runner, saved) => {
  const records = notedRecords(saved);
  const [first] = records;
  if (first === undefined) return;
  const { destination: name, context } = first;
  const client = await openCluster({ ...inputs, context }, { name, context }, runner);
  try {
    for (const record of records)
      await closeUnverified(client, record, { clock: () => new Date(), logger: runner.logger });
  } finally {
    client.close();
  }
};
