import { formatProblem, type Logger, SlipwayError } from '@slipway/core';

/** What GitHub says of approvals; undefined, with a warning, where it cannot be asked, since a check goes on without them. */
export async function lookUpApprovals<Found>(
  work: () => Promise<Found>,
  logger: Logger,
): Promise<Found | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    for (const problem of error.problems)
      logger.warning(`Approvals could not be looked up: ${formatProblem(problem)}`);
    return undefined;
  }
}
