import type { Finding, Problem, Release } from '@slipway/core';

/** Between which commits changes count as approved. */
export interface SignedSince {
  readonly previous: Pick<Release, 'verdict' | 'configRevision'> | undefined;
  /** Undefined for what is checked out. */
  readonly promoted: string | undefined;
}

/** Where changes are approved that policies want signed off, such as the reviews of a pull request. */
export interface SignOffs {
  /**
   * Looks every change up once, however often it is asked for.
   * @param since the release that runs: changes that came with it need no approval any more; and the commit that is promoted, if one is:
   *   what was approved after it does not count
   * @returns a refusal with the code `sign-off-missing` for each change that no one approved
   */
  settle(findings: readonly Finding[], since: SignedSince): Promise<readonly Problem[]>;
}
