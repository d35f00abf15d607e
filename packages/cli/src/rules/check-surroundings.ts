import type { CheckSurroundings } from '@slipway/check';
import type { Machine } from '../machine/machine.ts';
import { loggerOf } from '../tell/say.ts';

/** What a check runs with. No one can sign off here, and no cluster is compared with. */
export function checkSurroundings(
  machine: Machine,
  workspace: string,
  temporaryDirectory: string,
): CheckSurroundings {
  const { environment, exec, signal, clock } = machine;
  return {
    ...{ workspace, temporaryDirectory, environment, exec, signal, clock, logger: loggerOf(machine) },
    openCluster: () => Promise.reject(new Error('a check without a runner compares with no cluster')),
  };
}
