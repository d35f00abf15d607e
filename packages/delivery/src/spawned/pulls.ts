/** What its host says of a pull request. */
export type PullSeen =
  | {
      readonly state: 'open' | 'closed';
      /** The host's number of the repository that it would be merged into. */
      readonly repositoryId: number;
      /** Whether its branch is in another repository, or in one that was deleted. */
      readonly isOfFork: boolean;
      readonly isDraft: boolean;
      /** Whether its author is a program. */
      readonly isByBot: boolean;
    }
  /** No answer, or one that does not say it: what is not there, what may not be read, an address that leads elsewhere. */
  | { readonly state: 'unknown'; readonly why: string };

/** The pull requests of the repository. */
export interface Pulls {
  look(number: number): Promise<PullSeen>;
  /** The host's number of the repository; undefined if it does not say. */
  repositoryId(): Promise<number | undefined>;
}

/** What started the run. */
export interface SpawnedBy {
  readonly pulls: Pulls;
  /** Whether a program pushed, and no person. */
  readonly isPushOfBot: boolean;
}
