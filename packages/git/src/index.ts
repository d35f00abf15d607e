export { changedPaths } from './changed-paths.ts';
export { type CommitFiles, type CommitObjects, commitFiles, type TreeEntry } from './commit-files.ts';
export { fetchCommit, hasCommit, hasPath, parentsOf, resolveRevision } from './commits.ts';
export { type GitErrorCode, gitErrors } from './error-codes.ts';
export { findCheckout } from './find-checkout.ts';
export { type Exec, type Git, openGit } from './git.ts';
export { gitObjects } from './git-objects.ts';
