export { type GitHubDouble, type GitHubDoubleOptions, startGitHub } from './double.ts';
export { type Failure, secondaryLimit } from './faults.ts';
export {
  type Comment,
  type CommitStatus,
  type Deployment,
  type DeploymentStatus,
  FORK_TOKEN,
  type GitHubState,
  type Issue,
  type Pull,
  type Review,
  type Token,
} from './state.ts';
