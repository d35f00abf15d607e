import type { ClusterClient } from '@slipway/cluster';
import type { PruneOptions } from '@slipway/release';
import type { VerifyContext } from '../context.ts';

/** How this run takes the formation's lock. */
export function lockOptions(
  client: ClusterClient,
  { inputs, runner }: VerifyContext,
): Omit<PruneOptions, 'release' | 'repository'> {
  return {
    client,
    holder: runner.context.runUrl || 'slipway',
    timeout: inputs.lockTimeout,
    clock: () => new Date(),
    signal: runner.signal,
    logger: runner.logger,
  };
}
