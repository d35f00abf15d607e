import { beyondAttend, defined, isName, type Problem } from '@slipway/core';
import type { PreparedRelease } from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { FormationChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';

type Desired = Pick<DesiredState, 'strategy' | 'strategyAt' | 'identity'>;

const DEFAULT_FILE = 'slipway.yaml';

/**
 * A release that would wait for time, and that nothing would look at again, keeps its share of the users until someone remembers it: it is
 * refused before the first write. Where it is not known whether something looks, that is said.
 */
export async function unattendedProblems(
  { strategy, strategyAt, identity: { application, formation } }: Desired,
  chosen: Pick<FormationChoice, 'application'>,
  { steps }: Pick<PreparedRelease, 'steps'>,
  { scheduledLook, logger }: Pick<DeliverySurroundings, 'scheduledLook' | 'logger'>,
): Promise<Problem<DeliveryErrorCode>[]> {
  if (strategy === undefined || (steps?.workloads ?? []).length === 0) return [];
  const index = strategy.steps.findIndex((_step, at) => beyondAttend(strategy, at) !== undefined);
  const path = isName(chosen.application) ? undefined : chosen.application || DEFAULT_FILE;
  const look = index < 0 ? undefined : await scheduledLook?.({ application, path, formation });
  if (look === undefined || look.is === 'there') return [];
  const waits = `step ${index + 1} ${beyondAttend(strategy, index)}, so that the release would wait for time`;
  if (look.is === 'unknown') {
    logger.warning(
      `It is not known whether a workflow with a schedule looks at releases of ${application}/${formation} (${look.why}): ${waits}`,
    );
    return [];
  }
  return [
    {
      code: 'steps-unattended',
      message: `${waits}, and no active workflow with a schedule looks at it again${ofOthers(look.others)}`,
      remedy:
        'bring progress.yml, which "slipway workflows" writes, to the default branch and enable it, or raise attend',
      ...defined({ at: strategyAt?.(`/steps/${index}/bake`) }),
    },
  ];
}

function ofOthers(paths: readonly string[]): string {
  return paths.length === 0 ? '' : ` (${paths.join(', ')}: for other releases only)`;
}
