import type { Sealing } from './sealing.ts';

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
  /** In the order in which they were set. */
  readonly statuses: CommitStatus[];
  /** Issues, which GitHub numbers together with pull requests. */
  readonly issues: Issue[];
  readonly deployments: Deployment[];
  /** Members by `organisation/team`. */
  readonly teams: Map<string, string[]>;
  /** By their names in lower case. */
  readonly environments: Map<string, Environment>;
  /** What protects each branch. Those that are only in Git are not found by their names. */
  readonly branches: Map<string, 'rule' | 'ruleset' | 'nothing'>;
  /** Secrets of the repository by their names in capitals. */
  readonly secrets: Map<string, StoredSecret>;
  /** The numbers of workflows by the names of their files. */
  readonly workflows: Map<string, number>;
  /** Those of them that GitHub or a person has disabled: the state of each. */
  readonly disabled: Map<string, 'disabled_manually' | 'disabled_inactivity'>;
  /** Who approved or rejected jobs that waited for an environment, by the run. */
  readonly approvals: Map<number, RunReview[]>;
  /** What started workflows by hand, in that order. */
  readonly dispatches: Dispatch[];
  /** The numbers of users by their logins. Only they can be assigned to an issue. */
  readonly users: Map<string, number>;
  /** Which rules environments may have: in a private repository `free` has none, and `team` no approvals. */
  plan: 'free' | 'team' | 'enterprise';
  /** The keys for secrets; without any, none can be stored. */
  readonly sealing: Sealing | undefined;
  /** The user and the permissions of each token. */
  readonly tokens: Map<string, Token>;
}

export interface Dispatch {
  /** The name of the workflow's file. */
  readonly file: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
}

export interface RunReview {
  readonly user: string;
  readonly state: 'approved' | 'rejected' | 'pending';
  readonly environments: readonly string[];
  readonly comment?: string;
}

/** An environment with its rules. */
export interface Environment {
  readonly name: string;
  readonly policy: { readonly protected_branches: boolean; readonly custom_branch_policies: boolean } | null;
  readonly reviewers: readonly { readonly type: 'User' | 'Team'; readonly id: number }[];
  /** Minutes. */
  readonly waitTimer: number;
  readonly branches: { readonly id: number; readonly name: string; readonly type: string }[];
  readonly secrets: Map<string, StoredSecret>;
}

export interface StoredSecret {
  /** A sealed box in base64. */
  readonly sealed: string;
  /** ISO 8601. */
  readonly updated: string;
}

export interface Pull {
  readonly number: number;
  readonly author: string;
  head: string;
  /** Its commits, including those of a squash or rebase. */
  commits: readonly string[];
  merged?: { readonly at: string; readonly commit: string };
  closed?: boolean;
  files?: readonly string[];
  title?: string;
  /** The repository of its branch, as `owner/name`, if it is a fork. */
  fork?: string;
  /** The name of its branch. */
  branch?: string;
  draft?: boolean;
  /** Whether its author is a program. */
  byBot?: boolean;
  /** The number of the repository that it would be merged into, if that is another one by now. */
  repositoryId?: number;
  /** The commit of `main` that it is compared with. */
  base?: string;
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

export interface Issue {
  readonly number: number;
  readonly user: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  stateReason?: string;
  assignees?: readonly string[];
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly description: string;
  readonly creator: string;
  readonly payload: unknown;
  readonly isTransient?: boolean;
  /** The newest last. */
  readonly statuses: DeploymentStatus[];
}

export interface DeploymentStatus {
  readonly state: string;
  readonly description: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
}

export interface CommitStatus {
  readonly commit: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
  readonly targetUrl: string;
  readonly creator: string;
}

/** A token without a permission may not even read, as in a private repository. */
export interface Token {
  readonly login: string;
  /** The permission `pull-requests`. */
  readonly comments?: 'read' | 'write';
  readonly statuses?: 'read' | 'write';
  readonly issues?: 'read' | 'write';
  readonly deployments?: 'read' | 'write';
  readonly actions?: 'read' | 'write';
  /** Whether its user administers the repository. */
  readonly admin?: boolean;
  /** Whether it may read the members of the organisation. */
  readonly members?: boolean;
}

/** What GitHub gives a run for a fork, whatever its workflow asks for. */
export const FORK_TOKEN: Token = { login: 'github-actions[bot]', comments: 'read', statuses: 'read' };
