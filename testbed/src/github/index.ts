export { type Failure, type GitHubDouble, type GitHubDoubleOptions, startGitHub } from './double.ts';
export type { Comment, CommitStatus, GitHubState, Pull, Review, Token } from './state.ts';
