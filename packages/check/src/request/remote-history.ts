import type { CommitObjects } from '@slipway/git';

/** A commit, and those that it was made from. */
export interface CommitParents {
  readonly id: string;
  readonly parents: readonly string[];
}

/** A repository's commits by an API, such as GitHub's, for a checkout that cannot fetch. */
export interface RemoteHistory extends CommitObjects {
  parentsOf(commit: string): Promise<readonly string[]>;
  resolve(name: string): Promise<string>;
  /** The newest commits that a commit contains, itself included; at most as many as one answer has. */
  newestOf(commit: string): Promise<readonly CommitParents[]>;
}
