import type { Finding, Problem, Release } from '@slipway/core';

/** Where changes are approved that policies want signed off, such as the reviews of a pull request. */
export interface SignOffs {
  /**
   * Looks every change up once, however often it is asked for.
   * @param previous the release that runs: changes that came with it need no approval any more
   * @returns a refusal with the code `sign-off-missing` for each change that no one approved
   */
  settle(findings: readonly Finding[], previous: Release | undefined): Promise<readonly Problem[]>;
}
