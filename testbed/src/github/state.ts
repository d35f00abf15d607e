/** The state of the double, which tests change as people would. */
export interface GitHubState {
  /** `owner/name`. */
  readonly repository: string;
  /** The folder of the Git repository. */
  readonly directory: string;
  readonly pulls: Pull[];
  /** By the number of the pull request. */
  readonly reviews: Map<number, Review[]>;
  readonly comments: Comment[];
  /** Members by `organisation/team`. */
  readonly teams: Map<string, string[]>;
  /** The user and the permissions of each token. */
  readonly tokens: Map<string, Token>;
}

export interface Pull {
  readonly number: number;
  readonly author: string;
  head: string;
  /** Its commits, including those of a squash or rebase. */
  commits: readonly string[];
  merged?: { readonly at: string; readonly commit: string };
  files?: readonly string[];
}

export interface Review {
  readonly user: string | undefined;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  readonly commit: string;
  readonly body?: string;
  /** ISO 8601. */
  readonly at?: string;
}

export interface Comment {
  readonly id: number;
  readonly pull: number;
  readonly user: string;
  body: string;
}

export interface Token {
  readonly login: string;
  readonly comments?: 'read' | 'write';
  /** Whether it may read the members of the organisation. */
  readonly members?: boolean;
}
