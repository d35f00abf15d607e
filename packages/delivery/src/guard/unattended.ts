import { beyondAttend, defined, type Problem } from '@slipway/core';
import type { PreparedRelease } from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

type Desired = Pick<DesiredState, 'strategy' | 'strategyAt'>;

/**
 * A release that would wait for time, and that nothing would look at again, keeps its share of the users until someone remembers it: it is
 * refused before the first write. Where it is not known whether something looks, that is said.
 */
export async function unattendedProblems(
  { strategy, strategyAt }: Desired,
  { steps }: Pick<PreparedRelease, 'steps'>,
  { scheduledLook, logger }: Pick<DeliverySurroundings, 'scheduledLook' | 'logger'>,
): Promise<Problem<DeliveryErrorCode>[]> {
  if (strategy === undefined || (steps?.workloads ?? []).length === 0) return [];
  const index = strategy.steps.findIndex((_step, at) => beyondAttend(strategy, at) !== undefined);
  const look = index < 0 ? undefined : await scheduledLook?.();
  if (look === undefined || look.is === 'there') return [];
  const waits = `step ${index + 1} ${beyondAttend(strategy, index)}, so that the release would wait for time`;
  if (look.is === 'unknown') {
    logger.warning(
      `It is not known whether a workflow with a schedule looks at releases (${look.why}): ${waits}`,
    );
    return [];
  }
  return [
    {
      code: 'steps-unattended',
      message: `${waits}, and no active workflow with a schedule looks at it again`,
      remedy:
        'bring progress.yml, which "slipway workflows" writes, to the default branch and enable it, or raise attend',
      ...defined({ at: strategyAt?.(`/steps/${index}/bake`) }),
    },
  ];
}
