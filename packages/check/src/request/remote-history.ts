import type { CommitObjects } from '@slipway/git';

/** What GitHub's API knows of a repository's commits, for a checkout that can't fetch. */
export interface RemoteHistory extends CommitObjects {
  parentsOf(commit: string): Promise<readonly string[]>;
  resolve(name: string): Promise<string>;
}
