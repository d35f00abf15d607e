/** Two commits: what is live, and what it could become. */
export interface CommitRange {
  readonly from: string;
  readonly to: string;
  /** Which commits count: all, or those that change something in the folder of the application. */
  readonly within: 'repository' | 'application';
}

/** What is in one commit's history and not in another's. */
export interface CommitsBetween {
  readonly count: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
  /** The newest first. */
  readonly commits: readonly { readonly sha: string; readonly title: string }[];
  readonly pulls: readonly { readonly number: number; readonly title: string }[];
}

/** Where commits and pull requests are looked up. */
export interface CommitHistory {
  /**
   * Answers all ranges at once.
   * @returns one for each range, undefined where a commit is not known, or the folder of the application in it; or why it cannot be asked, in half a sentence
   */
  between(ranges: readonly CommitRange[]): Promise<readonly (CommitsBetween | undefined)[] | string>;
}
