/** A change that someone has to approve. */
export interface ChangeToApprove {
  readonly fingerprint: string;
  /** Users, and teams as `organisation/team`. */
  readonly approvers: readonly string[];
}

/** Where changes are approved, such as the reviews of a pull request. */
export interface Approvals {
  /** @returns how each approved change was approved, by fingerprint: `approved by ada in pull request 7` */
  find(changes: readonly ChangeToApprove[]): Promise<ReadonlyMap<string, string>>;
  /** What an approver has to do, as the end of a remedy. @param fingerprints those of one finding in all targets, which are shown as one */
  instruction(fingerprints: readonly string[]): string;
}
