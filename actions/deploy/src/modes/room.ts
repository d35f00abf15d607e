import { type JsonObject, valueAt } from '@slipway/core';
import { findFormation, makeInstanceRoom } from '@slipway/delivery';
import { pullRequestOf, type Runner } from '@slipway/github';
import type { InputsFor } from '../inputs/inputs.ts';
import { showNone, wantedOf } from '../spawned/show-none.ts';
import { roomBy } from '../spawned/spawned-by.ts';
import { surroundingsOf } from '../surroundings.ts';

/** Makes the namespace of an instance, or says why it has none. */
export async function makeRoomAndShow(inputs: InputsFor<'room'>, runner: Runner): Promise<void> {
  const by = roomBy(inputs.token, runner);
  const surroundings = surroundingsOf(inputs, runner);
  const { request } = inputs;
  const made = await makeInstanceRoom({ ...request, ...headOf(runner) }, by, surroundings);
  if ('why' in made) {
    const wanted = wantedOf(await findFormation(request, surroundings));
    return await showNone(made, wanted, inputs, runner);
  }
  runner.logger.info(
    `The namespace ${made.namespace} of ${made.application}/${made.formation} is ready, and stays until ${made.expires.toISOString()}`,
  );
}

function headOf({ context }: Runner): { readonly head?: { readonly pull: number; readonly commit: string } } {
  const pull = pullRequestOf(context)?.number;
  const commit = valueAt(context.event as JsonObject, ['pull_request', 'head', 'sha']);
  return pull === undefined || typeof commit !== 'string' ? {} : { head: { pull, commit } };
}
