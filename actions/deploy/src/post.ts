import { isJsonObject, parseJson } from '@slipway/core';
import type { PostStep, Runner } from '@slipway/github';
import { closeAbandoned, type ReleaseIdentity } from '@slipway/release';
import { connect } from './connect.ts';
import type { Inputs } from './inputs.ts';
import type { Checkout } from './source.ts';

const RECORD = 'release';

/** Notes which release this run has begun, and the way to it, for the post step of a run that is killed. */
export function noteRelease(
  { application, formation, namespace, destination }: Omit<ReleaseIdentity, 'repository'>,
  number: number,
  { inputs, checkout }: { readonly inputs: Inputs; readonly checkout: Checkout | undefined },
  runner: Pick<Runner, 'saveState'>,
): void {
  const context = inputs.context || (checkout?.destination.context ?? '');
  const record = { application, formation, namespace, destination: destination ?? '', number, context };
  runner.saveState(RECORD, JSON.stringify(record));
}

/** Closes the record of a run that was killed, so that nobody takes its release for one that is still under way. */
export const post: PostStep<Inputs> = async (inputs, runner, saved) => {
  const record = parseJson(saved(RECORD) || 'null');
  if (!isJsonObject(record)) return;
  const text = (name: string): string => String(record[name] ?? '');
  const owner = {
    application: text('application'),
    formation: text('formation'),
    namespace: text('namespace'),
  };
  const identity = { destination: text('destination') || undefined };
  const client = await connect({ ...inputs, context: text('context') }, { identity }, runner);
  try {
    const closed = await closeAbandoned(client, owner, Number(record['number']), () => new Date());
    if (closed !== undefined)
      runner.logger.warning(`Release ${closed.number} was not written whole, and is closed as failed`);
  } finally {
    client.close();
  }
};
