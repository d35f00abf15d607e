import type { CommitObjects } from '@slipway/git';

/** A repository's commits by an API, such as GitHub's, for a checkout that cannot fetch. */
export interface RemoteHistory extends CommitObjects {
  parentsOf(commit: string): Promise<readonly string[]>;
  resolve(name: string): Promise<string>;
}
