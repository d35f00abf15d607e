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

/** The instance of a pull request that something was written of. */
export interface WrittenOf {
  readonly application: string;
  /** The name of the instance. */
  readonly formation: string;
  readonly pull: number;
}

/** What started the run. */
export interface SpawnedBy {
  readonly pulls: Pulls;
  /** Whether a run wrote on the pull request that there is no room. What cannot be read, or what someone else wrote, does not say it. */
  saysNoRoom(instance: WrittenOf): Promise<boolean>;
  /** Whether a program pushed, and no person. */
  readonly isPushOfBot: boolean;
}
