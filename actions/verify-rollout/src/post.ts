import type { PostStep } from '@slipway/github';
import { connect } from './connect.ts';
import { closeUnverified, notedRecords } from './end/open-records.ts';
import type { Inputs } from './inputs.ts';

/** Closes the records that a killed run had open, so that nobody takes their releases for ones that are still being verified. */
export const post: PostStep<Inputs> = async (inputs, runner, saved) => {
  const records = notedRecords(saved);
  const [first] = records;
  if (first === undefined) return;
  const client = await connect(inputs, first, runner);
  try {
    for (const record of records)
      await closeUnverified(client, record, { clock: () => new Date(), logger: runner.logger });
  } finally {
    client.close();
  }
};
