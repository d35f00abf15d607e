import { count, throwIfAny } from '@slipway/core';
import { destroyFormationOf } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { describeObject } from '@slipway/kubernetes';
import { destroyedMarkdown } from '@slipway/report';
import type { InputsFor } from '../inputs/inputs.ts';
import { surroundingsOf } from '../surroundings.ts';

/**
 * Removes a formation from its cluster.
 * @throws SlipwayError `object-stays` for each object that was deleted and still exists, after all of that was shown
 */
export async function destroyAndShow(inputs: InputsFor<'destroy'>, runner: Runner): Promise<void> {
  const destroyed = await destroyFormationOf(inputs.request, surroundingsOf(inputs, runner));
  const { identity, removed, left } = destroyed;
  const name = `${identity.application}/${identity.formation}`;
  runner.setOutput('changes', String(removed.length));
  for (const object of left) runner.logger.warning(`${describeObject(object)} is left`);
  if (destroyed.isUnknown)
    runner.logger.warning(
      `no release of ${name} is in namespace ${identity.namespace}, so nothing was deleted`,
    );
  else
    runner.logger.info(
      `${name} in namespace ${identity.namespace}: ${count(removed.length, 'object')} deleted, ${left.length} left`,
    );
  runner.addSummary(destroyedMarkdown(identity, destroyed, runner.context.actor));
  throwIfAny(destroyed.problems);
}
