export { type GitHubDouble, type GitHubDoubleOptions, startGitHub } from './double.ts';
export { type Failure, secondaryLimit } from './faults.ts';
export { createSealing, type Sealing } from './sealing.ts';
export {
  type Comment,
  type CommitStatus,
  type Deployment,
  type DeploymentStatus,
  type Environment,
  FORK_TOKEN,
  type GitHubState,
  type Issue,
  type Pull,
  type Review,
  type StoredSecret,
  type Token,
} from './state.ts';
