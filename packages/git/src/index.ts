export { changedPaths } from './changed-paths.ts';
export { type CheckoutHistory, openCheckoutHistory, type RemoteHistory } from './checkout-history.ts';
export { type CommitFiles, type CommitObjects, commitFiles, type TreeEntry } from './commit-files.ts';
export {
  type Distance,
  distanceBetween,
  fetchCommit,
  hasCommit,
  hasPath,
  headCommit,
  isContained,
  parentsOf,
  resolveRevision,
} from './commits.ts';
export {
  type BeyondQuery,
  type ChangedLine,
  type CommitsBeyond,
  commitsBeyond,
  type NamedCommit,
} from './commits-beyond.ts';
export type { GitErrorCode } from './error-codes.ts';
export { filesIn } from './files-in.ts';
export { type CheckoutOptions, findCheckout, openCheckout } from './find-checkout.ts';
export { GIT, type Git, openGit } from './git.ts';
export { gitObjects } from './git-objects.ts';
export { isTracked } from './is-tracked.ts';
export { addWorktree, removeWorktree } from './linked-worktree.ts';
export { openCommit } from './open-commit.ts';
export { type Heads, openHeads } from './open-heads.ts';
export { originRepository } from './origin-repository.ts';
export { type FilesOfCommit, type ReadableCommits, readableCommits } from './readable-commits.ts';
export { remoteUrl } from './remote-url.ts';
export { withSafeGit } from './safe-settings.ts';
export { completeHistory, readSourceState, type SourceState } from './source-state.ts';
